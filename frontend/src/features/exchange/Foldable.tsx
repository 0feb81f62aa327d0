import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import { Visible } from '../../theme/Visible';
import classes from './Chat.module.css';

interface FoldableProps {
  icon?: ReactNode;
  title: ReactNode;
  /** what it is called where the title is not plain text */
  label?: string;
  aside?: string;
  open?: boolean;
  children: ReactNode;
}

/** Foldable is a line that unfolds to more. What is inside is not made before. */
export function Foldable({ icon, title, label, aside, open = false, children }: FoldableProps) {
  const [chosen, setChosen] = useState<boolean>();
  const unfolded = chosen ?? open;
  const inside = useId();
  return (
    <div className={classes.foldable}>
      <button
        type="button"
        className={classes.fold}
        aria-expanded={unfolded}
        aria-controls={unfolded ? inside : undefined}
        aria-label={label}
        onClick={() => setChosen(!unfolded)}
      >
        <IconChevronRight
          size={14}
          aria-hidden
          className={classes.chevron}
          data-open={unfolded || undefined}
        />
        {icon}
        <span className={classes.foldTitle}>{title}</span>
        {aside && (
          <span className={classes.aside}>
            <Visible text={aside} />
          </span>
        )}
      </button>
      {unfolded && (
        <div id={inside} className={classes.inside}>
          {children}
        </div>
      )}
    </div>
  );
}
