import { useElementSize } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Split } from '../../frame/Split';
import { t } from '../../i18n';
import { useScale } from '../../theme/appearance';
import frame from '../inventory/Panes.module.css';
import { setSplit, useTests } from './store';

/** From this width on, a detail stands beside its list. */
const WIDE = 1_000;

/** Panes are a list and, beside or below it, what is open of it. */
export function Panes({ first, second }: { first: ReactNode; second: ReactNode | null }) {
  const { ref, width } = useElementSize();
  const way = width >= WIDE * useScale() ? 'columns' : 'rows';
  const part = useTests((state) => state.split[way]);
  return (
    <div ref={ref} className={frame.panes}>
      <Split
        label={t('tests.split')}
        wide={way === 'columns'}
        part={part}
        onPart={(to) => setSplit({ ...useTests.getState().split, [way]: to })}
        first={<div className={frame.list}>{first}</div>}
        second={second}
      />
    </div>
  );
}
