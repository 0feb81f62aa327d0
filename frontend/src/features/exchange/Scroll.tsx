import type { ReactNode, Ref } from 'react';

interface ScrollProps {
  ref?: Ref<HTMLElement>;
  className: string | undefined;
  label: string;
  children: ReactNode;
}

/** Scroll is a part of a view that scrolls, also by keyboard. */
export function Scroll({ ref, className, label, children }: ScrollProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section ref={ref} className={className} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
