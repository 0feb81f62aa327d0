import './commands';
import { SegmentedControl } from '@mantine/core';
import { useNav } from '../../frame/nav';
import { Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Failed } from '../inventory/parts';
import { Actors } from './Actors';
import { useSummary } from './queries';
import { Rules } from './Rules';
import { type Look, looks, useThreats } from './store';
import { Threats } from './Threats';
import classes from './Watch.module.css';

/** Watch is what is seen in live and recorded traffic: threats, who sends it, and the rules. */
export function Watch() {
  const look = useThreats((state) => state.look);
  const { data, error, refetch } = useSummary();
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={10} />;
  return (
    <>
      <div className={classes.head}>
        <SegmentedControl
          size="xs"
          aria-label={t('threats.looks')}
          value={look}
          data={looks.map((value) => ({ value, label: t('threats.look', { look: value }) }))}
          onChange={(next) => useNav.getState().go('findings', { tab: 'watch', look: next as Look })}
        />
        <span className={classes.watched} role="status">
          {t('threats.watched', { n: data.recorded, rules: data.rules, off: data.off })}
          {data.waiting > 0 && ` ${t('threats.waiting', { n: data.waiting })}`}
          {data.cut > 0 && ` ${t('threats.cut', { n: data.cut })}`}
        </span>
      </div>
      {look === 'threats' && <Threats summary={data} />}
      {look === 'actors' && <Actors />}
      {look === 'rules' && <Rules />}
    </>
  );
}
