import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

afterEach(cleanup);

configure({ asyncUtilTimeout: 10_000 }); // a busy machine takes its time

// What happy-dom lacks and Mantine asks for.
if (!globalThis.ResizeObserver) {
  globalThis.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
}
if (!document.fonts) {
  Object.defineProperty(document, 'fonts', { value: new EventTarget() }); // a Textarea that grows measures again
}
