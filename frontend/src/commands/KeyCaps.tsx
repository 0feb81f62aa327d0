import { Kbd } from '@mantine/core';
import classes from './commands.module.css';
import { caps } from './keys';

/** KeyCaps shows keys as they are printed on a keyboard. */
export function KeyCaps({ keys }: { keys: string }) {
  return (
    <span className={classes.caps}>
      {caps(keys).map((cap) => (
        <Kbd key={cap}>{cap}</Kbd>
      ))}
    </span>
  );
}
