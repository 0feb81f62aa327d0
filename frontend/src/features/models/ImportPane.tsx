import { Button, Loader, NavLink, Select, Stack, TextInput } from '@mantine/core';
import {
  IconArrowLeft,
  IconCloud,
  IconCode,
  IconDeviceDesktop,
  IconEye,
  IconFileText,
  type TablerIcon,
} from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useCommand } from '../../commands';
import { t } from '../../i18n';
import { submit } from './acts';
import { Custom } from './Custom';
import { FromTraffic } from './FromTraffic';
import { Local } from './Local';
import classes from './models.module.css';
import { Provider } from './Provider';
import { Key } from './parts';
import { usePresets, useRenewModels, useRoles } from './queries';
import { Request } from './Request';
import { Result } from './Result';
import { closeImport, openImport, setForm, useModelsScreen, type Way, ways } from './store';
import { hostOf, wayText, wayWord } from './words';

const icons: Record<Way, TablerIcon> = {
  provider: IconCloud,
  custom: IconCode,
  request: IconFileText,
  local: IconDeviceDesktop,
  discovered: IconEye,
};

/** ImportPane imports a model in one of several ways; what comes of it stands beside the form. */
export function ImportPane() {
  const way = useModelsScreen((state) => state.way);
  const pane = useRef<HTMLDivElement>(null);
  useCommand('models.close', closeImport);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each way begins at its first field
  useEffect(() => {
    pane.current?.querySelector<HTMLElement>('form input, form textarea')?.focus();
  }, [way]);
  return (
    <div className={classes.import} ref={pane}>
      <nav className={classes.ways} aria-label={t('models.import.ways')} data-pane="models-ways">
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconArrowLeft size={15} />}
          onClick={closeImport}
          className={classes.back ?? ''}
        >
          {t('models.import.back')}
        </Button>
        {ways.map((each) => {
          const Icon = icons[each];
          return (
            <NavLink
              key={each}
              component="button"
              active={way === each}
              aria-current={way === each ? 'true' : undefined}
              leftSection={<Icon size={18} aria-hidden />}
              label={wayWord(each)}
              description={wayText(each)}
              onClick={() => way !== each && openImport(each)}
            />
          );
        })}
      </nav>
      <Form way={way} />
      <Result />
    </div>
  );
}

// What can be sent already, and where it goes.
function useReady(way: Way): { host: string; ready: boolean } {
  const form = useModelsScreen((state) => state.form);
  const looked = useModelsScreen((state) => state.looked);
  const presets = usePresets().data?.items ?? [];
  const preset = presets.find(({ name }) => name === form.provider);
  switch (way) {
    case 'provider':
    case 'local': {
      const address = form.url || (preset?.base ?? '');
      return { host: hostOf(address), ready: form.provider !== '' && address !== '' };
    }
    case 'custom':
      return { host: hostOf(form.url), ready: form.url.trim() !== '' };
    case 'request': {
      const some = looked?.items.find(({ n }) => n === form.nth) ?? looked?.items.find(({ fits }) => fits);
      return { host: hostOf(form.url || (some?.url ?? '')), ready: !!looked };
    }
    case 'discovered':
      return { host: '', ready: form.from !== '' };
  }
}

const bodies: Record<Way, () => React.ReactNode> = {
  provider: Provider,
  custom: Custom,
  request: Request,
  local: Local,
  discovered: FromTraffic,
};

function Form({ way }: { way: Way }) {
  const form = useModelsScreen((state) => state.form);
  const outcome = useModelsScreen((state) => state.outcome);
  const { host, ready } = useReady(way);
  const renew = useRenewModels();
  const busy = outcome !== null && !outcome.result && !outcome.error;
  const begin = () => void submit(renew);
  useCommand('models.submit', begin, ready && !busy);
  const Body = bodies[way];
  return (
    <section className={classes.form} aria-labelledby="models-way" data-pane="models-form">
      <h2 id="models-way">{wayWord(way)}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) begin();
        }}
      >
        <Stack gap="sm">
          <Body />
          <Key value={form.key} keep={form.keep} onChange={setForm} />
          <TextInput
            label={t('models.field.name')}
            description={t('models.field.nameText')}
            value={form.name}
            onChange={(event) => setForm({ name: event.currentTarget.value })}
          />
          <More way={way} />
          <div className={classes.submit}>
            <Button
              type="submit"
              fullWidth
              disabled={!ready || busy}
              leftSection={busy ? <Loader size={14} /> : null}
            >
              {form.no_try
                ? t('models.import.keep')
                : host
                  ? t('models.import.button', { host })
                  : t('models.import.buttonAny')}
            </Button>
          </div>
        </Stack>
      </form>
    </section>
  );
}

// What is rarely needed.
function More({ way }: { way: Way }) {
  const form = useModelsScreen((state) => state.form);
  const roles = useRoles().data?.items ?? [];
  return (
    <details className={classes.more}>
      <summary>{t('models.more.title')}</summary>
      <Stack gap="sm">
        {way !== 'custom' && (
          <TextInput
            label={t('models.field.auth')}
            description={t('models.field.authText')}
            placeholder="bearer"
            value={form.auth}
            onChange={(event) => setForm({ auth: event.currentTarget.value })}
          />
        )}
        <TextInput
          label={t('models.field.slot')}
          description={t('models.field.slotText')}
          placeholder="/messages/0/content"
          value={form.slot}
          onChange={(event) => setForm({ slot: event.currentTarget.value })}
        />
        <TextInput
          label={t('models.field.answer')}
          description={t('models.field.answerText')}
          placeholder="/choices/0/message/content"
          value={form.answer}
          onChange={(event) => setForm({ answer: event.currentTarget.value })}
        />
        <Select
          label={t('models.field.role')}
          description={t('models.field.roleText')}
          data={roles.map(({ name }) => name)}
          value={form.role || null}
          clearable
          nothingFoundMessage={t('models.roles.none')}
          onChange={(role) => setForm({ role: role ?? '' })}
        />
        <Select
          label={t('models.field.patience')}
          data={[15, 60, 180, 600].map((seconds) => ({
            value: String(seconds),
            label: t('models.field.seconds', { n: seconds }),
          }))}
          value={String(form.patience || 60)}
          allowDeselect={false}
          onChange={(seconds) => setForm({ patience: Number(seconds) })}
        />
        <Select
          label={t('models.field.try')}
          data={[
            { value: 'try', label: t('models.field.tryIt') },
            { value: 'keep', label: t('models.field.tryNot') },
          ]}
          value={form.no_try ? 'keep' : 'try'}
          allowDeselect={false}
          onChange={(value) => setForm({ no_try: value === 'keep' })}
        />
      </Stack>
    </details>
  );
}
