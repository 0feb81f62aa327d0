import { Autocomplete, Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api';
import { notifyError } from '../../frame/notify';
import { ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formFor } from './acts';
import classes from './models.module.css';
import { usePresets } from './queries';
import { setForm, useModelsScreen } from './store';
import { authWord } from './words';

/** Provider imports a model of a provider that Assay knows. */
export function Provider() {
  const form = useModelsScreen((state) => state.form);
  const { data, error, refetch } = usePresets();
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={4} />;
  const presets = data.items.filter(({ name }) => name !== 'custom');
  const preset = presets.find(({ name }) => name === form.provider);
  const choose = (name: string) => {
    const next = presets.find((each) => each.name === name);
    setForm({ provider: name, model: next?.model ?? '', url: '', auth: '' });
  };
  return (
    <>
      <fieldset className={classes.presets}>
        <legend>{t('models.provider.label')}</legend>
        {presets.map(({ name, title }) => (
          <label key={name} className={classes.preset}>
            <input
              type="radio"
              name="provider"
              value={name}
              checked={form.provider === name}
              onChange={() => choose(name)}
            />
            <span>{title}</span>
          </label>
        ))}
      </fieldset>
      {preset && (
        <>
          <TextInput
            label={t('models.field.url')}
            description={preset.base ? t('models.provider.urlText') : t('models.provider.urlOwn')}
            placeholder={preset.base}
            required={!preset.base}
            value={form.url}
            onChange={(event) => setForm({ url: event.currentTarget.value })}
          />
          <ModelName />
          <p className={classes.hint}>
            {t('models.provider.auth', { auth: authWord(preset.auth, preset.header) })}{' '}
            {preset.env_set &&
              (!form.url || form.url === preset.base) &&
              t('models.provider.env', { name: preset.key_env })}
          </p>
        </>
      )}
    </>
  );
}

/** ModelName is the name of the model at its provider, which can be asked for what it has. */
export function ModelName() {
  const form = useModelsScreen((state) => state.form);
  const way = useModelsScreen((state) => state.way);
  const [names, setNames] = useState<string[]>([]);
  const [asking, setAsking] = useState(false);
  const ask = async () => {
    setAsking(true);
    try {
      setNames((await api.models.Names(formFor(way, form))).names);
    } catch (reason) {
      notifyError(reason);
    } finally {
      setAsking(false);
    }
  };
  return (
    <div className={classes.beside}>
      <Autocomplete
        size="xs"
        className={classes.grows ?? ''}
        label={t('models.field.model')}
        description={names.length > 0 ? t('models.provider.names', { n: names.length }) : undefined}
        data={[...new Set(names)]}
        limit={200}
        value={form.model}
        onChange={(model) => setForm({ model })}
      />
      <Button variant="default" loading={asking} onClick={() => void ask()}>
        {t('models.provider.list')}
      </Button>
    </div>
  );
}
