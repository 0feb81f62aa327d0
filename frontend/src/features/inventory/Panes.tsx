import { useElementSize } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Split } from '../../frame/Split';
import { t } from '../../i18n';
import { useScale } from '../../theme/appearance';
import classes from './Panes.module.css';
import { setSplit, useInventory } from './store';

/** From this width on, a detail stands beside its list. */
const WIDE = 1_350;

/** Panes are a list and, beside or below it, what is open of it. */
export function Panes({ first, second }: { first: ReactNode; second: ReactNode | null }) {
  const { ref, width } = useElementSize();
  const wide = width >= WIDE * useScale();
  const way = wide ? 'columns' : 'rows';
  const part = useInventory((state) => state.split[way]);
  return (
    <div ref={ref} className={classes.panes}>
      <Split
        label={t('inventory.split.label')}
        wide={wide}
        part={part}
        onPart={(to) => setSplit({ ...useInventory.getState().split, [way]: to })}
        first={<div className={classes.list}>{first}</div>}
        second={second}
      />
    </div>
  );
}
