import { Visible } from '../../theme/Visible';

const ascii = /^[\x20-\x7e]*$/;

/** Text is Visible for rows, of which hundreds come and go in a second: letters that hide nothing need no element. */
export function Text({ text }: { text: string }) {
  return ascii.test(text) ? text : <Visible text={text} />;
}
