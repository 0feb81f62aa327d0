import { Button, Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, type go } from '../../api';
import { useCommand } from '../../commands';
import { ErrorState } from '../../frame/ui';
import { t } from '../../i18n';
import { openAsset, openEndpoint } from '../inventory/acts';
import base from '../inventory/inventory.module.css';
import { Section } from '../inventory/parts';
import { openModel } from './acts';
import { Frame, Seen } from './Frame';
import classes from './models.module.css';
import { Key } from './parts';
import { useRenewModels } from './queries';
import { Came } from './Result';
import { emptyForm } from './store';

type How = 'recorded' | 'given' | 'none';

/** Discovered is a model that traffic showed: three clicks import it. */
export function Discovered({ row, onClose }: { row: go.ModelRow; onClose(): void }) {
  return (
    <Frame row={row} onClose={onClose}>
      <Section title={t('models.discovered.import')}>
        <Quick row={row} />
      </Section>
      <Section title={t('models.part.seen')}>
        <Seen row={row} />
        <p className={base.paragraph}>
          {row.asset && (
            <button type="button" className={base.link} onClick={() => openAsset(row.asset)}>
              {t('models.discovered.inventory')}
            </button>
          )}
          {row.endpoint && (
            <button type="button" className={base.link} onClick={() => openEndpoint(row.endpoint)}>
              {t('models.discovered.inventory')}
            </button>
          )}
        </p>
      </Section>
    </Frame>
  );
}

// Which key, and go: the name is there already.
function Quick({ row }: { row: go.ModelRow }) {
  const [name, setName] = useState(row.name || row.host);
  const [how, setHow] = useState<How | null>(null);
  const [key, setKey] = useState({ key: '', keep: false });
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<go.ModelResult | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const renew = useRenewModels();
  const ready = how !== null && (how !== 'given' || key.key !== '') && !busy;
  const begin = async (answer = '') => {
    setBusy(true);
    setFailed(null);
    setResult(null);
    try {
      const given = how === 'given' ? key : { key: '', keep: false };
      const came = await api.models.Add({
        ...emptyForm,
        ...given,
        answer,
        from: row.from,
        name,
        recorded: how === 'recorded',
        auth: how === 'none' ? 'none' : '',
      });
      setResult(came);
      if (came.id) {
        await renew();
        openModel(came.id);
      }
    } catch (reason) {
      setFailed(reason);
    } finally {
      setBusy(false);
    }
  };
  useCommand('models.submit', () => void begin(), ready);
  return (
    <Stack gap="sm" className={classes.quick ?? ''}>
      <TextInput
        label={t('models.field.name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Radio.Group label={t('models.key.which')} value={how} onChange={(next) => setHow(next as How)}>
        <Stack gap={6} mt={4}>
          <Radio
            size="xs"
            value="recorded"
            label={t('models.key.reuse', { host: row.host })}
            description={t('models.key.reuseText')}
          />
          <Radio size="xs" value="given" label={t('models.key.paste')} />
          <Radio size="xs" value="none" label={t('models.key.without')} />
        </Stack>
      </Radio.Group>
      {how === 'given' && (
        <Key value={key.key} keep={key.keep} onChange={(change) => setKey({ ...key, ...change })} />
      )}
      <Button
        data-import
        disabled={!ready}
        loading={busy}
        className={classes.fit ?? ''}
        onClick={() => void begin()}
      >
        {t('models.import.button', { host: row.host })}
      </Button>
      <p className={classes.hint}>{t('models.result.beforeText')}</p>
      {failed !== null && <ErrorState error={failed} />}
      {result && <Came result={result} onChoose={({ pointer }) => void begin(pointer)} />}
    </Stack>
  );
}
