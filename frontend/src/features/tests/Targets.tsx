import { ActionIcon, Button, Checkbox } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api, type go } from '../../api';
import { useNav } from '../../frame/nav';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import frame from '../inventory/inventory.module.css';
import { Exchange, Nothing } from '../inventory/parts';
import { setPlan, useTests } from './store';
import classes from './Targets.module.css';
import shared from './tests.module.css';

/** Targets are what is attacked: imported models, and recorded exchanges that were sent here. */
export function Targets({ targets }: { targets: go.TargetsOut }) {
  const plan = useTests((state) => state.plan);
  const exchanges = plan.targets.filter((ref) => ref.startsWith('exchange:'));
  const toggle = (ref: string, on: boolean) =>
    setPlan({ targets: on ? [...plan.targets, ref] : plan.targets.filter((each) => each !== ref) });
  return (
    <>
      {targets.models.length === 0 && exchanges.length === 0 && (
        <Nothing>{t('tests.plan.noTargets')}</Nothing>
      )}
      <ul className={classes.targets}>
        {exchanges.map((ref) => (
          <ExchangeTarget key={ref} id={ref.slice('exchange:'.length)} onDrop={() => toggle(ref, false)} />
        ))}
        {targets.models.map((model) => (
          <li key={model.ref} className={classes.target}>
            <Checkbox
              checked={plan.targets.includes(model.ref)}
              onChange={(event) => toggle(model.ref, event.currentTarget.checked)}
              label={<Visible text={model.name} />}
              aria-describedby={`about-${model.ref}`}
            />
            <span id={`about-${model.ref}`} className={frame.dim}>
              {model.model && (
                <>
                  <Visible text={model.model} /> ·{' '}
                </>
              )}
              <Visible text={model.host} />
            </span>
            {model.tried === 'failed' && (
              <span data-warn title={model.problem}>
                {t('tests.plan.didNotAnswer')}
              </span>
            )}
          </li>
        ))}
      </ul>
      <div className={shared.row}>
        <Button size="compact-sm" variant="default" onClick={() => useNav.getState().go('models')}>
          {t('tests.plan.importModel')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => useNav.getState().go('traffic')}>
          {t('tests.plan.fromTraffic')}
        </Button>
      </div>
      {exchanges.length > 0 && <p className={frame.note}>{t('tests.plan.recorded')}</p>}
    </>
  );
}

function ExchangeTarget({ id, onDrop }: { id: string; onDrop(): void }) {
  const { data: row, error } = useQuery({
    queryKey: ['exchange', 'row', id],
    queryFn: () => api.exchange.Row({ id }),
  });
  return (
    <li className={classes.target}>
      <Exchange id={id} />
      <span className={classes.said}>
        {row && <Visible text={row.last_user || `${row.method} ${row.path}`} />}
        {error && <span data-warn>{t('tests.plan.exchangeGone')}</span>}
      </span>
      <span className={frame.dim}>{row && <Visible text={row.host} />}</span>
      <ActionIcon variant="subtle" size={24} aria-label={t('tests.plan.drop', { id })} onClick={onDrop}>
        <IconX size={14} />
      </ActionIcon>
    </li>
  );
}
