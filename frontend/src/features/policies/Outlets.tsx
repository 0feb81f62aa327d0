import { Alert, Button, Checkbox, Group, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconInfoCircle, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { api, type go } from '../../api';
import { notifyDone } from '../../frame/notify';
import { ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import { tried } from '../actions/act';
import { severityWord } from '../findings/parts';
import base from '../inventory/inventory.module.css';
import { Failed, Scrolls } from '../inventory/parts';
import classes from './Outlets.module.css';
import { useOutlets, useRenewPolicies } from './queries';
import { outletWord } from './words';

const empty: go.OutletForm = {
  kind: 'webhook',
  to: '',
  name: '',
  least: '',
  threats: true,
  rulings: true,
  json: false,
  only: true,
  key: '',
};

const places: Record<string, string> = {
  webhook: 'https://siem.example/hook',
  syslog: 'udp://127.0.0.1:514',
  cef: '/var/log/assay.cef',
  jsonl: '/var/log/assay.jsonl',
};

const severities = ['info', 'low', 'medium', 'high', 'critical'];

/** Outlets is where threats and rulings are sent to. There is none unless a person names one. */
export function Outlets() {
  const { data, error, refetch } = useOutlets();
  const [adding, setAdding] = useState(false);
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={4} />;
  return (
    <Scrolls className={classes.page} label={t('policies.outlets.title')} pane="policies-outlets">
      <Stack gap="sm" className={classes.narrow ?? ''}>
        <Alert color="blue" icon={<IconInfoCircle size={18} />}>
          {t('policies.outlets.text')}
        </Alert>
        {data.items.length === 0 && <p className={base.nothing}>{t('policies.outlets.none')}</p>}
        {data.items.map((outlet) => (
          <Outlet key={outlet.id} outlet={outlet} />
        ))}
        {adding ? (
          <Add onDone={() => setAdding(false)} />
        ) : (
          <Button
            className={classes.fit ?? ''}
            leftSection={<IconPlus size={15} />}
            onClick={() => setAdding(true)}
          >
            {t('policies.outlets.add')}
          </Button>
        )}
      </Stack>
    </Scrolls>
  );
}

function Outlet({ outlet }: { outlet: go.OutletRow }) {
  const renew = useRenewPolicies();
  const [busy, setBusy] = useState(false);
  const [came, setCame] = useState<go.OutletTried | null>(null);
  const attempt = async () => {
    setBusy(true);
    await tried(async () => setCame(await api.policies.TryOutlet({ id: outlet.id })));
    setBusy(false);
  };
  const remove = () =>
    tried(async () => {
      await api.policies.RemoveOutlet({ id: outlet.id });
      await renew();
      notifyDone(t('policies.outlets.removed', { to: outlet.to }));
    });
  return (
    <section className={base.card} aria-label={outlet.to}>
      <div className={base.cardHead}>
        <h2 className={classes.name}>
          {outletWord(outlet.kind)} <Visible text={outlet.name} />
        </h2>
        <code className={base.mono}>
          <Visible text={outlet.to} />
        </code>
        <Group gap={4}>
          <Button size="compact-xs" variant="default" loading={busy} onClick={() => void attempt()}>
            {t('policies.outlets.try')}
          </Button>
          <Button size="compact-xs" variant="subtle" color="red" onClick={() => void remove()}>
            {t('policies.outlets.remove')}
          </Button>
        </Group>
      </div>
      <p className={base.nothing}>
        {t('policies.outlets.sends', {
          about: outlet.about,
          least: outlet.least ? severityWord(outlet.least) : t('policies.outlets.all'),
          only: outlet.project === '' ? 'no' : 'yes',
        })}{' '}
        {outlet.project && <Visible text={outlet.project} />} {outlet.signed && t('policies.outlets.signed')}
      </p>
      {outlet.plain && (
        <p className={classes.warn}>
          <IconAlertTriangle size={14} aria-hidden /> {t('policies.outlets.plain')}
        </p>
      )}
      {(outlet.sent > 0 || outlet.lost > 0) && (
        <p className={base.nothing}>
          {t('policies.outlets.counts', { sent: outlet.sent, lost: outlet.lost })}{' '}
          <Visible text={outlet.why} />
        </p>
      )}
      {came && (
        <p className={came.sent ? classes.good : classes.warn} role="status">
          {came.sent ? <IconCheck size={14} aria-hidden /> : <IconAlertTriangle size={14} aria-hidden />}{' '}
          {came.sent ? t('policies.outlets.tried') : t('policies.outlets.failed')} <Visible text={came.why} />
        </p>
      )}
    </section>
  );
}

function Add({ onDone }: { onDone(): void }) {
  const [form, setForm] = useState(empty);
  const [failed, setFailed] = useState<unknown>(null);
  const renew = useRenewPolicies();
  const set = (change: Partial<go.OutletForm>) => setForm((now) => ({ ...now, ...change }));
  const add = async () => {
    setFailed(null);
    try {
      await api.policies.AddOutlet(form);
      await renew();
      onDone();
    } catch (reason) {
      setFailed(reason);
    }
  };
  return (
    <form
      className={base.card}
      aria-label={t('policies.outlets.add')}
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <Stack gap="sm">
        <Select
          label={t('policies.outlets.kind')}
          data={Object.keys(places).map((value) => ({ value, label: outletWord(value) }))}
          value={form.kind}
          allowDeselect={false}
          onChange={(kind) => kind && set({ kind })}
        />
        <TextInput
          label={t('policies.outlets.to')}
          description={t('policies.outlets.toText', { kind: form.kind })}
          placeholder={places[form.kind] ?? ''}
          required
          spellCheck={false}
          value={form.to}
          onChange={(event) => set({ to: event.currentTarget.value })}
        />
        <TextInput
          label={t('policies.outlets.name')}
          value={form.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Select
          label={t('policies.outlets.least')}
          data={severities.map((value) => ({ value, label: severityWord(value) }))}
          placeholder={t('policies.outlets.all')}
          value={form.least || null}
          clearable
          onChange={(least) => set({ least: least ?? '' })}
        />
        <Checkbox
          label={t('policies.outlets.threats')}
          checked={form.threats}
          onChange={(event) => set({ threats: event.currentTarget.checked })}
        />
        <Checkbox
          label={t('policies.outlets.rulings')}
          checked={form.rulings}
          onChange={(event) => set({ rulings: event.currentTarget.checked })}
        />
        <Checkbox
          label={t('policies.outlets.only')}
          checked={form.only}
          onChange={(event) => set({ only: event.currentTarget.checked })}
        />
        {form.kind === 'syslog' && (
          <Checkbox
            label={t('policies.outlets.json')}
            checked={form.json}
            onChange={(event) => set({ json: event.currentTarget.checked })}
          />
        )}
        {form.kind === 'webhook' && (
          <PasswordInput
            label={t('policies.outlets.key')}
            description={t('policies.outlets.keyText')}
            autoComplete="off"
            data-1p-ignore
            value={form.key}
            onChange={(event) => set({ key: event.currentTarget.value })}
          />
        )}
        {failed !== null && <ErrorState error={failed} />}
        <Group gap="xs">
          <Button type="submit" disabled={form.to.trim() === '' || !(form.threats || form.rulings)}>
            {t('policies.outlets.save')}
          </Button>
          <Button variant="default" onClick={onDone}>
            {t('frame.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
