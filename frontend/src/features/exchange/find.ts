/** How many matches are looked for. */
const most = 5000;

/** find gives the places in an element's text where a text stands, without case. A place may span several elements. */
export function find(root: Element, text: string): Range[] {
  const nodes: { node: Text; start: number }[] = [];
  let all = '';
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    nodes.push({ node: node as Text, start: all.length });
    all += folded((node as Text).data);
  }
  const want = folded(text);
  const found: Range[] = [];
  let from = 0;
  for (let at = all.indexOf(want); at >= 0 && found.length < most; at = all.indexOf(want, at + want.length)) {
    while ((nodes[from + 1]?.start ?? Number.POSITIVE_INFINITY) <= at) from++;
    let to = from;
    while ((nodes[to + 1]?.start ?? Number.POSITIVE_INFINITY) < at + want.length) to++;
    const [first, last] = [nodes[from], nodes[to]];
    if (!first || !last) break;
    const range = document.createRange();
    range.setStart(first.node, at - first.start);
    range.setEnd(last.node, at + want.length - last.start);
    found.push(range);
  }
  return found;
}

/** folded is a text in lower case, each character as long as it was: offsets stay true. */
function folded(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}

/** mark shows matches, one of them as the one at hand, which is scrolled to. */
export function mark(ranges: Range[], now: number): void {
  unmark();
  const at = ranges[now];
  if (!at) return;
  at.startContainer.parentElement?.scrollIntoView({ block: 'center' });
  if (typeof Highlight === 'undefined' || !CSS.highlights) {
    getSelection()?.removeAllRanges();
    getSelection()?.addRange(at);
    return;
  }
  CSS.highlights.set('as-found', new Highlight(...ranges));
  const hand = new Highlight(at);
  hand.priority = 1;
  CSS.highlights.set('as-found-now', hand);
}

/** unmark takes the marks away. */
export function unmark(): void {
  if (typeof CSS !== 'undefined' && CSS.highlights) {
    CSS.highlights.delete('as-found');
    CSS.highlights.delete('as-found-now');
  }
}
