import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';

afterEach(cleanup);

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
