import { Copy } from '../../frame/ui';
import classes from './setup.module.css';

/** Code is text to be copied into a shell or a file. */
export function Code({ text, label, title }: { text: string; label: string; title?: string }) {
  return (
    <div className={classes.code}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must be reached by the keyboard */}
      <pre tabIndex={0} title={title}>
        {text}
      </pre>
      <div className={classes.copy}>
        <Copy text={text} title={label} />
      </div>
    </div>
  );
}
