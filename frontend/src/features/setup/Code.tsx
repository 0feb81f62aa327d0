import { Copy } from '../../frame/ui';
import classes from './setup.module.css';

interface CodeProps {
  text: string;
  /** what the button to copy is called */
  label: string;
  title?: string;
  /** long lines are broken rather than scrolled */
  wrap?: boolean;
}

/** Code is text to be copied into a shell or a file. */
export function Code({ text, label, title, wrap }: CodeProps) {
  return (
    <div className={classes.code} data-wrap={wrap}>
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
