import { Alert, Button, Group, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconFlask, IconPencil, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { api, type go } from '../../api';
import { notifyDone } from '../../frame/notify';
import { ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatDateTime, formatDuration, formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { tried } from '../actions/act';
import { Severity } from '../findings/parts';
import { openExchange } from '../inventory/acts';
import base from '../inventory/inventory.module.css';
import { Fact, Nothing, Scrolls, Section } from '../inventory/parts';
import { openFindings, openRun, removeModel, testModel } from './acts';
import { Frame, Seen } from './Frame';
import classes from './models.module.css';
import { Key, Talk } from './parts';
import { useModel, useRenewModels, useRoles } from './queries';
import { Came, Tokens } from './Result';
import { authWord, failureWord, keyWord } from './words';

/** Detail is all about one imported model. */
export function Detail({ row, onClose }: { row: go.ModelRow; onClose(): void }) {
  const { data, error, refetch } = useModel(row.id);
  return (
    <Frame row={row} onClose={onClose} acts={data && <Acts out={data} onClose={onClose} />}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={8} />}
      {data && (
        <>
          <Section title={t('models.part.try')}>
            <Latest out={data} />
          </Section>
          <Section title={t('models.part.findings')}>
            <Findings out={data} />
          </Section>
          <Section title={t('models.part.scope')}>
            <Scope key={data.scope.authorisation} scope={data.scope} />
          </Section>
          <Section title={t('models.part.request')}>
            <Preview out={data} />
          </Section>
          <Section title={t('models.part.seen')}>
            <Seen row={data.row} />
          </Section>
        </>
      )}
    </Frame>
  );
}

function Acts({ out, onClose }: { out: go.ModelOut; onClose(): void }) {
  const [renaming, setRenaming] = useState(false);
  const [name, setName] = useState(out.row.name);
  const renew = useRenewModels();
  const rename = () =>
    tried(async () => {
      await api.models.Rename({ id: out.row.id, name });
      setRenaming(false);
      await renew();
    });
  if (renaming) {
    return (
      <form
        className={classes.beside}
        onSubmit={(event) => {
          event.preventDefault();
          void rename();
        }}
      >
        <TextInput
          className={classes.grows ?? ''}
          label={t('models.field.name')}
          data-autofocus
          autoFocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" disabled={name.trim() === ''}>
          {t('models.rename.save')}
        </Button>
        <Button variant="default" onClick={() => setRenaming(false)}>
          {t('models.rename.cancel')}
        </Button>
      </form>
    );
  }
  return (
    <Group gap="xs">
      <Button size="compact-sm" leftSection={<IconFlask size={15} />} onClick={() => testModel(out.row.id)}>
        {t('models.test')}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconPencil size={15} />}
        onClick={() => setRenaming(true)}
      >
        {t('models.rename.button')}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconTrash size={15} />}
        onClick={() => void removeModel(out.row, renew).then(onClose)}
      >
        {t('models.remove')}
      </Button>
    </Group>
  );
}

// The latest answer, and asking once more.
function Latest({ out }: { out: go.ModelOut }) {
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<go.ModelResult | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [key, setKey] = useState({ key: '', keep: false });
  const renew = useRenewModels();
  const again = async () => {
    setBusy(true);
    setFailed(null);
    try {
      setResult(await api.models.Try({ id: out.row.id, ...key, recorded: false, patience: 0 }));
      setKey({ key: '', keep: false });
      await renew();
    } catch (reason) {
      setFailed(reason);
    } finally {
      setBusy(false);
    }
  };
  const choose = (candidate: go.ModelCandidate) =>
    tried(async () => {
      await api.models.SetAnswer({ id: out.row.id, pointer: candidate.pointer, text: candidate.text });
      setResult(null);
      await renew();
    });
  const { try: latest } = out;
  return (
    <Stack gap="sm">
      {result ? (
        <Came result={result} onChoose={(candidate) => void choose(candidate)} />
      ) : latest.at === '' ? (
        <Nothing>{t('models.try.never')}</Nothing>
      ) : latest.code ? (
        <Alert
          color="red"
          icon={<IconAlertTriangle size={18} />}
          title={<Visible text={latest.error || failureWord(latest.code)} />}
        >
          {t('models.try.failedAt', { when: formatDateTime(latest.at) })}
        </Alert>
      ) : (
        <>
          <span className={classes.figures}>
            {latest.status > 0 && <span>HTTP {latest.status}</span>}
            <span>{formatDuration(latest.latency_ms)}</span>
            <Tokens input={latest.input_tokens} output={latest.output_tokens} />
            <span className={classes.faint}>{formatDateTime(latest.at)}</span>
          </span>
          <Talk prompt={latest.prompt} answer={latest.answer} />
        </>
      )}
      {failed !== null && <ErrorState error={failed} />}
      {!out.ready && (
        <Key
          value={key.key}
          keep={key.keep}
          label={t('models.key.again')}
          description={t('models.key.againText')}
          onChange={(change) => setKey({ ...key, ...change })}
        />
      )}
      <Button
        className={classes.fit ?? ''}
        variant="default"
        size="compact-sm"
        leftSection={<IconRefresh size={15} />}
        loading={busy}
        disabled={!out.ready && key.key === ''}
        onClick={() => void again()}
      >
        {t('models.try.again', { host: out.scope.host })}
      </Button>
    </Stack>
  );
}

function Findings({ out }: { out: go.ModelOut }) {
  const { row, runs } = out;
  if (runs.length === 0) return <Nothing>{t('models.runs.none')}</Nothing>;
  return (
    <>
      <p className={base.paragraph}>
        {row.findings > 0 ? (
          <>
            <Severity severity={row.worst} />{' '}
            <button type="button" className={base.link} onClick={() => openFindings(row.id)}>
              {t('models.findings', { n: row.findings })}
            </button>
          </>
        ) : (
          t('models.runs.clean')
        )}
      </p>
      <ul className={base.links}>
        {runs.map((run) => (
          <li key={run.id}>
            <button type="button" className={base.link} onClick={() => openRun(run.id)}>
              <Visible text={run.name} />
            </button>{' '}
            <span className={base.dim}>
              {t('models.runs.line', {
                vulnerable: run.vulnerable,
                cases: run.cases,
                when: formatDateTime(run.created),
              })}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

// Only hosts that a person put in scope are attacked, and the report says who allowed it.
function Scope({ scope }: { scope: go.ModelScope }) {
  const [note, setNote] = useState(scope.authorisation);
  const renew = useRenewModels();
  const save = () =>
    tried(async () => {
      await api.models.SetScope({ host: scope.line || scope.host, authorisation: note });
      notifyDone(t('models.scope.saved', { host: scope.line || scope.host }));
      await renew();
    });
  const leave = () =>
    tried(async () => {
      await api.models.LeaveScope({ host: scope.line, authorisation: '' });
      await renew();
    });
  return (
    <Stack gap="xs" className={classes.quick ?? ''}>
      <p className={base.paragraph}>
        {scope.local
          ? t('models.scope.local', { host: scope.host })
          : scope.in
            ? t('models.scope.in', { host: scope.line })
            : t('models.scope.out', { host: scope.host })}
      </p>
      <Textarea
        label={t('models.scope.note')}
        description={t('models.scope.noteText')}
        placeholder={t('models.scope.noteSample')}
        autosize
        minRows={2}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Group gap="xs">
        <Button
          size="compact-sm"
          variant="default"
          disabled={(scope.in && note === scope.authorisation) || scope.host === ''}
          onClick={() => void save()}
        >
          {scope.in ? t('models.scope.save') : t('models.scope.allow', { host: scope.host })}
        </Button>
        {scope.line && (
          <Button size="compact-sm" variant="subtle" color="red" onClick={() => void leave()}>
            {t('models.scope.leave')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

// The request as it is sent, each secret as what it stands for.
function Preview({ out }: { out: go.ModelOut }) {
  const roles = useRoles().data?.items ?? [];
  const renew = useRenewModels();
  const setRole = (role: string | null) =>
    tried(async () => {
      await api.models.SetRoleOf({ id: out.row.id, role: role ?? '' });
      await renew();
    });
  const names = [...new Set([...roles.map(({ name }) => name), out.role].filter(Boolean))];
  return (
    <>
      <Scrolls className={classes.preview} label={t('models.preview')}>
        <pre>
          <Visible text={`${out.method} ${out.row.url}`} />
          {'\n'}
          {out.headers.map(({ name, value }) => (
            <span key={`${name}: ${value}`}>
              <Visible text={`${name}: ${value}`} />
              {'\n'}
            </span>
          ))}
          {out.key && out.auth !== 'none' && (
            <>
              <Visible text={`${authWord(out.auth, out.auth_name)}: ‹${out.key}›`} />
              {'\n'}
            </>
          )}
          {'\n'}
          <Visible text={out.body} />
        </pre>
      </Scrolls>
      {out.body_cut && <Nothing>{t('models.bodyCut')}</Nothing>}
      <dl className={base.facts}>
        <Fact name={t('models.fact.slot')}>
          <code>
            <Visible text={out.slot} />
          </code>
        </Fact>
        <Fact name={t('models.fact.answer')}>
          {out.answer ? (
            <code>
              <Visible text={out.answer} />
            </code>
          ) : (
            t('models.fact.unknown')
          )}{' '}
          {out.by_format && <span className={base.dim}>{t('models.fact.byFormat')}</span>}
        </Fact>
        <Fact name={t('models.fact.key')}>
          {out.key ? (
            <>
              <Visible text={keyWord(out.auth, out.auth_name, out.key)} />{' '}
              {out.ready && out.key.includes('not kept') && (
                <span className={base.dim}>{t('models.fact.session')}</span>
              )}
            </>
          ) : (
            t('models.fact.noKey')
          )}
        </Fact>
        <Fact name={t('models.fact.limits')}>{t('models.fact.limitsText', { n: formatNumber(8) })}</Fact>
        {out.row.exchange && (
          <Fact name={t('models.fact.source')}>
            <button type="button" className={base.link} onClick={() => openExchange(out.row.exchange)}>
              {t('inventory.exchange', { id: out.row.exchange })}
            </button>
          </Fact>
        )}
        <Fact name={t('models.fact.imported')}>{formatDateTime(out.imported)}</Fact>
      </dl>
      <Select
        mt="xs"
        className={classes.quick ?? ''}
        label={t('models.field.role')}
        description={t('models.field.roleText')}
        data={names}
        value={out.role || null}
        clearable
        nothingFoundMessage={t('models.roles.none')}
        onChange={(role) => void setRole(role)}
      />
    </>
  );
}
