import { Button, Radio, Stack } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import classes from './models.module.css';
import { useLocal } from './queries';
import { setForm, useModelsScreen } from './store';

/** Local imports a model of a service that listens on this machine. */
export function Local() {
  const { provider, url, model } = useModelsScreen((state) => state.form);
  const { data, error, refetch, isFetching } = useLocal(true);
  const again = (
    <Button
      variant="default"
      size="compact-sm"
      loading={isFetching}
      leftSection={<IconRefresh size={15} />}
      className={classes.fit ?? ''}
      onClick={() => void refetch()}
    >
      {t('models.local.again')}
    </Button>
  );
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={3} />;
  if (data.items.length === 0) {
    return (
      <>
        <p className={classes.paragraph}>{t('models.local.none', { ports: data.ports.join(', ') })}</p>
        {again}
      </>
    );
  }
  return (
    <>
      {data.items.map((service) => (
        <Radio.Group
          key={service.url}
          label={`${service.title} · ${service.url}`}
          value={service.url === url && service.provider === provider ? model : ''}
          onChange={(next) =>
            setForm({ provider: service.provider, url: service.url, model: next, auth: '' })
          }
        >
          <Stack gap={4} mt={4} className={classes.requests ?? ''}>
            {service.models.map((name) => (
              <Radio size="xs" key={name} value={name} label={<Visible text={name} />} />
            ))}
            {service.models.length === 0 && <p className={classes.hint}>{t('models.local.empty')}</p>}
          </Stack>
        </Radio.Group>
      ))}
      {again}
    </>
  );
}
