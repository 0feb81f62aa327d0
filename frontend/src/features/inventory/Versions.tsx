import { SegmentedControl, Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { go } from '../../api';
import { Copy } from '../../frame/ui';
import { t } from '../../i18n';
import { formatDateTime } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { TextDiff } from '../diff/TextDiff';
import { tidyJSON } from '../exchange/json';
import base from './inventory.module.css';
import { lineDiff } from './lineDiff';
import { Exchange, Nothing, Scrolls } from './parts';
import classes from './Versions.module.css';
import { shortPrint } from './words';

interface VersionsProps {
  /** newest first */
  versions: go.AssetVersion[];
  /** they are JSON, not prose */
  definition: boolean;
}

// A recording may not say when it was.
function nameOf(n: number, seen: string): string {
  const when = formatDateTime(seen);
  return when ? t('inventory.version.name', { n, seen: when }) : t('inventory.version.number', { n });
}

/** Versions are the texts an asset had: one of them, or what changed from one to another. */
export function Versions({ versions, definition }: VersionsProps) {
  const newest = versions[0]?.n ?? 0;
  const [compare, setCompare] = useState(versions.length > 1);
  const [after, setAfter] = useState(newest);
  const [before, setBefore] = useState(versions[1]?.n ?? newest);
  const textOf = (n: number) => {
    const text = versions.find((each) => each.n === n)?.text ?? '';
    return definition ? (tidyJSON(text) ?? text) : text;
  };
  const one = versions.find((each) => each.n === after) ?? versions[0];
  const [left, right] = [textOf(before), textOf(after)];
  const diff = useMemo(() => lineDiff(left, right), [left, right]);
  if (!one) return null;
  const data = versions.map(({ n, seen }) => ({
    value: String(n),
    label: nameOf(n, seen),
  }));
  const choose = (label: string, value: number, onChoose: (n: number) => void) => (
    <Select
      aria-label={label}
      data={data}
      value={String(value)}
      allowDeselect={false}
      w="16rem"
      onChange={(next) => next && onChoose(Number(next))}
    />
  );
  return (
    <>
      {versions.length > 1 && (
        <div className={base.shapeBar}>
          <SegmentedControl
            aria-label={t('inventory.version.mode')}
            value={compare ? 'compare' : 'one'}
            onChange={(value) => setCompare(value === 'compare')}
            data={[
              { value: 'compare', label: t('inventory.version.compare') },
              { value: 'one', label: t('inventory.version.one') },
            ]}
          />
          {compare && choose(t('inventory.version.before'), before, setBefore)}
          {compare && <span aria-hidden>→</span>}
          {choose(compare ? t('inventory.version.after') : t('inventory.version.which'), after, setAfter)}
        </div>
      )}
      <p className={base.paragraph}>
        {nameOf(one.n, one.seen)}{' '}
        <span className={base.mono} title={one.fingerprint}>
          {shortPrint(one.fingerprint)}
        </span>{' '}
        <Exchange id={one.exchange} /> <Copy text={one.text} />
      </p>
      {compare && versions.length > 1 ? (
        before === after || left === right ? (
          <Nothing>{t('inventory.version.same')}</Nothing>
        ) : (
          <Scrolls className={classes.diffText} label={t('inventory.version.compare')}>
            <TextDiff text={diff} beside={false} at={-1} />
          </Scrolls>
        )
      ) : (
        <Scrolls className={base.pre} label={t('inventory.version.text')}>
          <Visible text={textOf(one.n)} />
        </Scrolls>
      )}
    </>
  );
}
