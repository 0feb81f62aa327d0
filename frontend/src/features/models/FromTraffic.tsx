import { Checkbox, Radio, Stack, TextInput } from '@mantine/core';
import { Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import { Nothing } from '../inventory/parts';
import classes from './models.module.css';
import { useModels } from './queries';
import { setForm, useModelsScreen } from './store';

/** FromTraffic imports what was recorded: a discovered model, or any exchange with a prompt in it. */
export function FromTraffic() {
  const { from, recorded } = useModelsScreen((state) => state.form);
  const { data } = useModels();
  if (!data) return <Loading rows={3} />;
  const found = data.items.filter(({ state }) => state === 'discovered');
  const exchange =
    from.startsWith('exchange:') && !found.some((row) => row.from === from) ? from.slice(9) : '';
  return (
    <>
      {found.length === 0 && <Nothing>{t('models.traffic.none')}</Nothing>}
      {found.length > 0 && (
        <Radio.Group
          label={t('models.traffic.label')}
          value={from}
          onChange={(next) => setForm({ from: next })}
        >
          <Stack gap={4} mt={4} className={classes.requests ?? ''}>
            {found.map((row) => (
              <Radio
                size="xs"
                key={row.id}
                value={row.from}
                label={
                  <span className={classes.request}>
                    <Visible text={row.name || row.host} />
                    <span className={classes.faint}>
                      <Visible text={[row.provider, row.host].filter(Boolean).join(' · ')} />
                    </span>
                  </span>
                }
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
      <TextInput
        label={t('models.traffic.exchange')}
        description={t('models.traffic.exchangeText')}
        placeholder="17"
        inputMode="numeric"
        value={exchange}
        onChange={(event) => {
          const id = event.currentTarget.value.replace(/\D/g, '');
          setForm({ from: id ? `exchange:${id}` : '' });
        }}
      />
      <Checkbox
        size="xs"
        label={t('models.key.recorded')}
        description={t('models.key.recordedText')}
        checked={recorded}
        onChange={(event) => setForm({ recorded: event.currentTarget.checked })}
      />
    </>
  );
}
