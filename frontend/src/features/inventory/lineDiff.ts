import type { go } from '../../api';

// What is compared line by line costs the product of what differs: beyond this it is one change.
const most = 4_000_000;

/** lineDiff compares two texts line by line: the segments that features/diff draws. */
export function lineDiff(before: string, after: string): go.DiffText {
  const a = lines(before);
  const b = lines(after);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end++;
  const left = a.slice(start, a.length - end);
  const right = b.slice(start, b.length - end);
  const coarse = left.length * right.length > most;
  const segments: go.DiffSegment[] = [];
  const add = (change: string, text: string) => {
    const last = segments.at(-1);
    if (!text) return;
    if (last?.change === change) last.text += text;
    else segments.push({ change, text, moved: false });
  };
  add('same', a.slice(0, start).join(''));
  if (coarse) {
    add('removed', left.join(''));
    add('added', right.join(''));
  } else middle(left, right, add);
  add('same', a.slice(a.length - end).join(''));
  return { segments, unit: 'word', coarse, cut: false };
}

// With their ends, so that the pieces put together are the text.
function lines(text: string): string[] {
  return text.split(/(?<=\n)/);
}

// The longest common subsequence, by the table of its lengths from the end.
function middle(left: string[], right: string[], add: (change: string, text: string) => void): void {
  const width = right.length + 1;
  const table = new Uint32Array((left.length + 1) * width);
  const at = (i: number, k: number) => table[i * width + k] ?? 0;
  for (let i = left.length - 1; i >= 0; i--) {
    for (let k = right.length - 1; k >= 0; k--) {
      table[i * width + k] =
        left[i] === right[k] ? at(i + 1, k + 1) + 1 : Math.max(at(i + 1, k), at(i, k + 1));
    }
  }
  let [i, k] = [0, 0];
  while (i < left.length || k < right.length) {
    if (i < left.length && k < right.length && left[i] === right[k]) {
      add('same', left[i] ?? '');
      i++;
      k++;
    } else if (i < left.length && (k >= right.length || at(i + 1, k) >= at(i, k + 1)))
      add('removed', left[i++] ?? '');
    else add('added', right[k++] ?? '');
  }
}
