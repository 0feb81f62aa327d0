import {
  Alert,
  Button,
  Group,
  Modal,
  Select,
  Stack,
  Textarea,
  TextInput,
  Title,
  UnstyledButton,
} from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { api, type go } from '../../api';
import { notifyDone, notifyError, notifyUndo } from '../../frame/notify';
import { ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import base from './inventory.module.css';
import { Nothing, Scrolls } from './parts';
import { useRenew, useTypes } from './queries';
import { useInventory } from './store';
import classes from './Types.module.css';
import { classWord } from './words';

const empty: go.CustomType = {
  name: '',
  class: 'personal',
  keys: '',
  pattern: '',
  list: [],
  validator: '',
  match: [],
  ignore: [],
};

/** Types are the types of sensitive data that are looked for; a person can add their own. */
export function Types() {
  const { data, error, refetch } = useTypes();
  const [draft, setDraft] = useState<go.CustomType | null>(null);
  const close = () => useInventory.setState({ dialog: null });
  return (
    <Modal opened onClose={close} title={t('inventory.types.title')} size="56rem">
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={8} />}
      {data &&
        (draft ? (
          <Editor
            start={draft}
            taken={[...data.custom, ...data.built_in].map(({ name }) => name)}
            onDone={() => setDraft(null)}
          />
        ) : (
          <Overview types={data} onEdit={setDraft} />
        ))}
    </Modal>
  );
}

function Overview({ types, onEdit }: { types: go.TypesOut; onEdit(type: go.CustomType): void }) {
  const renew = useRenew();
  const remove = async (type: go.CustomType) => {
    try {
      await api.inventory.RemoveType({ name: type.name });
      renew();
      notifyUndo(t('inventory.types.removed', { name: type.name }), async () => {
        await api.inventory.SetType(type);
        renew();
      });
    } catch (reason) {
      notifyError(reason);
    }
  };
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={3} size="h4">
          {t('inventory.types.custom')}
        </Title>
        <Button data-autofocus onClick={() => onEdit(empty)}>
          {t('inventory.types.add')}
        </Button>
      </Group>
      {types.custom.length === 0 && <Nothing>{t('inventory.types.none')}</Nothing>}
      <ul className={base.links}>
        {types.custom.map((type) => (
          <li key={type.name} className={classes.typeItem}>
            <UnstyledButton className={base.link} onClick={() => onEdit(type)}>
              <Visible text={type.name} />
            </UnstyledButton>
            <span className={base.dim}>{classWord(type.class)}</span>
            <span className={base.mono}>
              <Visible text={type.pattern || type.list.slice(0, 4).join(', ') || type.keys} />
            </span>
            <Button variant="subtle" color="red" size="compact-xs" onClick={() => void remove(type)}>
              {t('inventory.types.remove')}
            </Button>
          </li>
        ))}
      </ul>
      <Title order={3} size="h4">
        {t('inventory.types.builtIn', { n: types.built_in.length })}
      </Title>
      <BuiltIn types={types.built_in} />
    </Stack>
  );
}

function BuiltIn({ types }: { types: go.BuiltInType[] }) {
  const [wanted, setWanted] = useState('');
  const word = wanted.trim().toLowerCase();
  const shown = types.filter(({ name, what }) => `${name} ${what}`.toLowerCase().includes(word));
  return (
    <>
      <TextInput
        type="search"
        aria-label={t('inventory.types.search')}
        placeholder={t('inventory.types.search')}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      <Scrolls className={classes.builtIn} label={t('inventory.types.builtInLabel')}>
        <dl className={base.facts}>
          {shown.map(({ name, class: sort, what }) => (
            <div key={name} className={classes.builtInType}>
              <dt className={base.mono}>{name}</dt>
              <dd>
                <span className={base.tag}>{classWord(sort)}</span> {what}
              </dd>
            </div>
          ))}
        </dl>
        {shown.length === 0 && <Nothing>{t('inventory.types.noMatch')}</Nothing>}
      </Scrolls>
    </>
  );
}

const lines = (text: string) => text.split('\n').filter((line) => line.trim() !== '');

const PROVE_AFTER = 250;

// What Go says of the samples, a moment after the last key.
function useProof(draft: go.CustomType) {
  const [proof, setProof] = useState<{ of: string; out: go.ProveOut } | null>(null);
  const text = JSON.stringify(draft);
  useEffect(() => {
    let over = false;
    const timer = setTimeout(async () => {
      try {
        const out = await api.inventory.ProveType(JSON.parse(text));
        if (!over) setProof({ of: text, out });
      } catch (reason) {
        if (!over) notifyError(reason);
      }
    }, PROVE_AFTER);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [text]);
  return { out: proof?.out, fresh: proof?.of === text };
}

interface EditorProps {
  start: go.CustomType;
  taken: string[];
  onDone(): void;
}

function Editor({ start, taken, onDone }: EditorProps) {
  const [draft, setDraft] = useState(start);
  const [saving, setSaving] = useState(false);
  const renew = useRenew();
  const { out, fresh } = useProof(draft);
  const set = (change: Partial<go.CustomType>) => setDraft({ ...draft, ...change });
  const again = draft.name !== start.name && taken.includes(draft.name);
  const told = draft.keys !== '' || draft.pattern !== '' || draft.list.length > 0;
  const right = out !== undefined && fresh && out.problem === '' && out.samples.every(({ ok }) => ok);
  const ready = right && told && !again && draft.name.trim() !== '' && draft.match.length > 0;
  const save = async () => {
    setSaving(true);
    try {
      await api.inventory.SetType(draft);
      if (start.name && start.name !== draft.name) await api.inventory.RemoveType({ name: start.name });
      renew();
      notifyDone(t('inventory.types.saved', { name: draft.name }));
      onDone();
    } catch (reason) {
      notifyError(reason);
      setSaving(false);
    }
  };
  return (
    <Stack gap="sm">
      <Group grow align="flex-start">
        <TextInput
          data-autofocus
          label={t('inventory.types.name')}
          value={draft.name}
          error={again ? t('inventory.types.taken') : undefined}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Select
          label={t('inventory.types.class')}
          data={['personal', 'secret'].map((value) => ({ value, label: classWord(value) }))}
          value={draft.class}
          allowDeselect={false}
          onChange={(value) => value && set({ class: value })}
        />
      </Group>
      <How draft={draft} set={set} />
      <Group grow align="flex-start">
        <Lined
          label={t('inventory.types.match')}
          help={t('inventory.types.matchHelp')}
          value={draft.match}
          onChange={(match) => set({ match })}
        />
        <Lined
          label={t('inventory.types.ignore')}
          help={t('inventory.types.ignoreHelp')}
          value={draft.ignore}
          onChange={(ignore) => set({ ignore })}
        />
      </Group>
      <Proof out={told ? out : undefined} />
      <Group justify="flex-end">
        {!ready && <span className={base.dim}>{t('inventory.types.notYet')}</span>}
        <Button variant="default" onClick={onDone}>
          {t('frame.cancel')}
        </Button>
        <Button disabled={!ready} loading={saving} onClick={() => void save()}>
          {t('inventory.types.save')}
        </Button>
      </Group>
    </Stack>
  );
}

const mono = { input: { fontFamily: 'var(--as-mono)' } };

// As scanner/detect names them.
const validators = ['luhn', 'mod97', 'mod97-10', 'mod11-10', 'verhoeff', 'card', 'iban', 'entropy'];

interface HowProps {
  draft: go.CustomType;
  set(change: Partial<go.CustomType>): void;
}

// By what a value is told: the name it stands under, its form, or a list.
function How({ draft, set }: HowProps) {
  return (
    <>
      <TextInput
        label={t('inventory.types.keys')}
        description={t('inventory.types.keysHelp')}
        value={draft.keys}
        spellCheck={false}
        styles={mono}
        onChange={(event) => set({ keys: event.currentTarget.value })}
      />
      <Group grow align="flex-start">
        <TextInput
          label={t('inventory.types.pattern')}
          description={t('inventory.types.patternHelp')}
          value={draft.pattern}
          spellCheck={false}
          styles={mono}
          onChange={(event) => set({ pattern: event.currentTarget.value })}
        />
        <Select
          label={t('inventory.types.validator')}
          description={t('inventory.types.validatorHelp')}
          data={[
            { value: '', label: t('inventory.types.noValidator') },
            ...[...new Set([...validators, draft.validator])].filter((name) => name !== ''),
          ]}
          value={draft.validator}
          allowDeselect={false}
          onChange={(value) => set({ validator: value ?? '' })}
        />
      </Group>
      <Lined
        label={t('inventory.types.list')}
        help={t('inventory.types.listHelp')}
        value={draft.list}
        onChange={(list) => set({ list })}
      />
    </>
  );
}

interface LinedProps {
  label: string;
  help: string;
  value: string[];
  onChange(value: string[]): void;
}

// One value a line. What is typed stays as it is, with its empty lines.
function Lined({ label, help, value, onChange }: LinedProps) {
  const [text, setText] = useState(value.join('\n'));
  return (
    <Textarea
      label={label}
      description={help}
      value={text}
      autosize
      minRows={2}
      maxRows={8}
      spellCheck={false}
      styles={mono}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(lines(event.currentTarget.value));
      }}
    />
  );
}

function Proof({ out }: { out: go.ProveOut | undefined }) {
  if (!out) return null;
  return (
    <div role="status" className={classes.proof}>
      {out.problem && (
        <Alert color="red" p="xs">
          <Visible text={out.problem} />
        </Alert>
      )}
      <ul className={base.reasons}>
        {out.samples.map(({ text, wants, found, ok }, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: samples in order
          <li key={n} data-ok={ok}>
            {ok ? <IconCheck size={15} aria-hidden /> : <IconX size={15} aria-hidden />}
            <span className={base.mono}>
              <Visible text={text} />
            </span>
            <span className={base.dim}>
              {found ? t('inventory.proof.found') : t('inventory.proof.nothing')}{' '}
              {found && (
                <span className={base.mono}>
                  <Visible text={found} />
                </span>
              )}
              {!ok && ' · '}
              {ok ? '' : wants ? t('inventory.proof.shouldMatch') : t('inventory.proof.shouldNot')}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
