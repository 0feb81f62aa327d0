import type { ReactNode } from 'react';
import { Split as Panes } from '../../frame/Split';
import { t } from '../../i18n';
import { setSplit, useTraffic } from './store';

interface SplitProps {
  /** side by side instead of one above the other */
  wide: boolean;
  first: ReactNode;
  second: ReactNode | null;
}

/** Split divides the space between the list and an exchange, as it was left last. */
export function Split({ wide, first, second }: SplitProps) {
  const way = wide ? 'columns' : 'rows';
  const part = useTraffic((state) => state.split[way]);
  const resize = (to: number) => setSplit({ ...useTraffic.getState().split, [way]: to });
  return (
    <Panes label={t('traffic.split')} wide={wide} part={part} onPart={resize} first={first} second={second} />
  );
}
