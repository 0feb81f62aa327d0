import { Button } from '@mantine/core';
import { useState } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { formatDateTime } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import base from '../inventory/inventory.module.css';
import { Exchange, Nothing } from '../inventory/parts';
import classes from './Moments.module.css';
import { signWord } from './parts';
import { useMoments } from './queries';

/** Moments is a threat's timeline, oldest first: when, what, what added to it, and the exchange. */
export function Moments({ out }: { out: go.ThreatOut }) {
  const [pages, setPages] = useState(0);
  const first = out.moments.length;
  const more = useMoments(out.row.id, pages, Math.max(first, 1));
  const lines = [...out.moments, ...more.flatMap(({ data }) => data?.items ?? [])];
  if (lines.length === 0) return <Nothing>{t('threats.moments.none')}</Nothing>;
  return (
    <>
      <ol className={classes.moments}>
        {lines.map((line, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one timeline in order
          <Moment key={n} line={line} />
        ))}
      </ol>
      {lines.length < out.kept && (
        <Button
          size="compact-sm"
          variant="default"
          loading={more.some(({ isPending }) => isPending)}
          onClick={() => setPages(pages + 1)}
        >
          {t('threats.moments.more', { n: out.kept - lines.length })}
        </Button>
      )}
      {out.gone > 0 && <Nothing>{t('threats.moments.gone', { n: out.gone })}</Nothing>}
    </>
  );
}

function Moment({ line }: { line: go.MomentRow }) {
  return (
    <li>
      <time dateTime={line.at}>{formatDateTime(line.at)}</time>
      <div>
        <span>
          <Visible text={line.what} /> <Exchange id={line.exchange} />
        </span>
        {line.signs.length > 0 && (
          <ul className={base.bullets}>
            {line.signs.map((sign, n) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: signs of one moment in order
              <li key={n}>
                <strong>
                  <Visible text={signWord(sign)} />
                </strong>{' '}
                <span className={base.dim}>
                  {t('threats.sign.where', { where: sign.where, score: sign.score })}
                </span>{' '}
                <Visible text={sign.why} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}
