// The states in which everything is shown, and the text that each of them puts into the data.
export const states = {
  one: 'One row',
  empty: 'Empty',
  loading: 'Loading',
  error: 'Error',
  many: '100,000 rows',
  hostile: 'Hostile text',
  long: 'Very long words',
  rtl: 'Right to left',
} as const;

export type State = keyof typeof states;

const hostile =
  '<script>alert(1)</script> <img src=x onerror=alert(1)> javascript:alert(1) \u202eevil\u202c \u200bzero\u200d \u0007\u001b[31mred\u001b[0m \ud800 ![x](https://evil.example/p.png)';

/** textOf is what somebody wrote, in a state. */
export function textOf(state: State, n = 1): string {
  switch (state) {
    case 'hostile':
      return hostile;
    case 'long':
      return 'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(40);
    case 'rtl':
      return `מה מדיניות ההחזרים מספר ${n}? ما هي سياسة الاسترداد (refund)؟`;
    default:
      return `What is our refund policy, question ${n}?`;
  }
}

/** countOf is how many there are of something, in a state. */
export function countOf(state: State): number {
  if (state === 'empty') return 0;
  return state === 'many' ? 100_000 : 1;
}
