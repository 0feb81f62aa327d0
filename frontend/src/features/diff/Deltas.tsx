import { ActionIcon, Tooltip } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import classes from './diff.module.css';
import { pattern } from './segments';
import { changeWords, signs } from './words';

interface DeltasProps {
  title: string;
  deltas: go.DiffDelta[];
  beside: boolean;
  at: number;
  /** the number of the first of them */
  first: number;
  /** ignores a path of the JSON; absent where there are no paths */
  onIgnore?: (path: string) => void;
}

/** Deltas lists differences by their path, each with what stands there on either side. */
export function Deltas({ title, deltas, beside, at, first, onIgnore }: DeltasProps) {
  if (deltas.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2 className={classes.heading}>{title}</h2>
      <ul className={classes.deltas} data-beside={beside || undefined}>
        {deltas.map((delta, n) => (
          <li
            key={`${delta.change} ${delta.path}`}
            data-kind={delta.change}
            data-change={first + n}
            data-at={first + n === at ? '' : undefined}
          >
            <div className={classes.path}>
              <span className={classes.sign} aria-hidden>
                {signs[delta.change]}
              </span>
              <span className={classes.spoken}>{t(changeWords[delta.change] ?? 'diff.change.changed')}</span>
              <code>{delta.path === '' ? t('diff.json.root') : <Visible text={delta.path} />}</code>
              {onIgnore && delta.path !== '' && <Ignore path={pattern(delta.path)} onIgnore={onIgnore} />}
            </div>
            <div className={classes.values}>
              {delta.change !== 'added' && (
                <del>
                  <Visible text={delta.a} />
                </del>
              )}
              {delta.change !== 'removed' && (
                <ins>
                  <Visible text={delta.b} />
                </ins>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Ignore({ path, onIgnore }: { path: string; onIgnore: (path: string) => void }) {
  const title = t('diff.noise.ignore', { path });
  return (
    <Tooltip label={title}>
      <ActionIcon variant="subtle" size={24} aria-label={title} onClick={() => onIgnore(path)}>
        <IconEyeOff size={15} />
      </ActionIcon>
    </Tooltip>
  );
}
