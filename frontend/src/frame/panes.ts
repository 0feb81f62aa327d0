// F6 goes round the panes: elements with data-pane, in the order of the page. One that holds others is not itself a stop.

const focusable =
  '[data-pane-focus], [role$="grid"], input:not([disabled]), textarea, select, button:not([disabled]), [tabindex]:not([tabindex="-1"])';

function shown(element: HTMLElement): boolean {
  return element.getClientRects().length > 0;
}

function panes(): HTMLElement[] {
  const all = [...document.querySelectorAll<HTMLElement>('[data-pane]')];
  return all.filter((pane) => shown(pane) && !pane.querySelector('[data-pane]'));
}

function enter(pane: HTMLElement): boolean {
  const own = pane.tabIndex >= 0 ? [pane] : [];
  const marked = [...pane.querySelectorAll<HTMLElement>('[data-pane-focus]')];
  const inside = [...pane.querySelectorAll<HTMLElement>(focusable)];
  for (const element of [...marked, ...own, ...inside].filter(shown)) {
    element.focus();
    if (pane.contains(document.activeElement)) return true;
  }
  return false;
}

/** nextPane moves the focus to the next pane, or with -1 to the previous one. */
export function nextPane(step: 1 | -1): void {
  const all = panes();
  const here = all.findIndex((pane) => pane.contains(document.activeElement));
  const from = here < 0 && step < 0 ? 0 : here;
  for (let n = 1; n <= all.length; n++) {
    const pane = all[(from + step * n + all.length * 2) % all.length];
    if (pane && enter(pane)) return;
  }
}
