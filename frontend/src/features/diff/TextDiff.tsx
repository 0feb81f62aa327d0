import { Button } from '@mantine/core';
import { Fragment, useMemo, useState } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import classes from './diff.module.css';
import { type Piece, pairs, runs } from './segments';

// So many pieces are drawn at first: a page of many thousand would be slow to lay out.
const atFirst = 1500;

interface TextDiffProps {
  text: go.DiffText;
  beside: boolean;
  /** the change that is looked at */
  at: number;
  /** the number of the first change */
  first?: number;
}

/** TextDiff shows two texts as one, or beside each other, with what differs marked. */
export function TextDiff({ text, beside, at, first = 0 }: TextDiffProps) {
  const [limit, setLimit] = useState(atFirst);
  const all = text.segments.length;
  const segments = useMemo(() => text.segments.slice(0, limit), [text, limit]);
  return (
    <div className={classes.text} data-unit={text.unit}>
      {text.unit === 'line' && all > 0 && <p className={classes.hint}>{t('diff.text.line')}</p>}
      {text.coarse && <p className={classes.hint}>{t('diff.text.coarse')}</p>}
      {text.cut && <p className={classes.hint}>{t('diff.text.cut')}</p>}
      {beside ? (
        <Columns segments={segments} at={at} first={first} />
      ) : (
        <Inline segments={segments} at={at} first={first} />
      )}
      {all > limit && (
        <Button variant="default" size="compact-sm" onClick={() => setLimit(limit * 4)}>
          {t('diff.text.rest')}
        </Button>
      )}
    </div>
  );
}

interface Drawn {
  segments: go.DiffSegment[];
  at: number;
  first: number;
}

function Inline({ segments, at, first }: Drawn) {
  return (
    <pre className={classes.pre}>
      {runs(segments, first).map((run, n) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text in order
          key={n}
          data-change={run.change >= 0 ? run.change : undefined}
          data-at={run.change >= 0 && run.change === at ? '' : undefined}
        >
          {run.pieces.map((piece, k) => {
            const Tag = piece.change === 'added' ? 'ins' : piece.change === 'removed' ? 'del' : Fragment;
            const marks =
              Tag === Fragment
                ? {}
                : {
                    'data-moved': piece.moved ? '' : undefined,
                    title: piece.moved ? t('diff.text.moved') : undefined,
                  };
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one change in order
              <Tag key={k} {...marks}>
                <Visible text={piece.text} />
              </Tag>
            );
          })}
        </span>
      ))}
    </pre>
  );
}

function Columns({ segments, at, first }: Drawn) {
  const rows = useMemo(() => pairs(segments, first), [segments, first]);
  return (
    <div className={classes.columns}>
      {rows.map(({ left, right }, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of two texts in order
        <Fragment key={n}>
          <Cell pieces={left} mark="del" at={at} />
          <Cell pieces={right} mark="ins" at={at} />
        </Fragment>
      ))}
    </div>
  );
}

function Cell({ pieces, mark: Mark, at }: { pieces: Piece[]; mark: 'ins' | 'del'; at: number }) {
  return (
    <pre className={classes.cell}>
      {pieces.map((piece, n) =>
        piece.changed ? (
          <Mark
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one line in order
            key={n}
            data-change={piece.change}
            data-at={piece.change === at ? '' : undefined}
            data-moved={piece.moved ? '' : undefined}
            title={piece.moved ? t('diff.text.moved') : undefined}
          >
            <Visible text={piece.text} />
          </Mark>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one line in order
          <Visible key={n} text={piece.text} />
        ),
      )}
    </pre>
  );
}
