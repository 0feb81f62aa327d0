import { Alert, Button, Group, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { IconInfoCircle, IconPlus, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { api, type go } from '../../api';
import { useCommand } from '../../commands';
import { notifyUndo } from '../../frame/notify';
import { EmptyState, ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import { tried } from '../actions/act';
import base from '../inventory/inventory.module.css';
import { Failed, Scrolls } from '../inventory/parts';
import classes from './models.module.css';
import { useRenewModels, useRoles } from './queries';
import { useModelsScreen } from './store';
import { roleWay } from './words';

type Way = 'plain' | 'command' | 'login' | 'latest';

const empty: go.RoleRow = {
  name: '',
  headers: [],
  body: [],
  command: '',
  login: [],
  token: '',
  latest: '',
  knows: [],
  holds: [],
  added: '',
  models: [],
};

const wayOf = (role: go.RoleRow): Way =>
  role.command ? 'command' : role.login.length > 0 ? 'login' : role.latest ? 'latest' : 'plain';

/** Roles are whom tests can act as: what one of them sees and another must not. */
export function Roles() {
  const { data, error, refetch } = useRoles();
  const editing = useModelsScreen((state) => state.role);
  const close = () => useModelsScreen.setState({ role: null });
  useCommand('models.close', close, editing !== null);
  if (error) {
    return <Failed error={error} onRetry={() => void refetch()} />;
  }
  if (!data) return <Loading rows={6} />;
  if (editing !== null) {
    const role = data.items.find(({ name }) => name === editing) ?? empty;
    return <Editor key={editing} role={role} onDone={close} />;
  }
  const add = (
    <Button
      leftSection={<IconPlus size={16} />}
      onClick={() => useModelsScreen.setState({ role: '' })}
      className={classes.fit ?? ''}
    >
      {t('models.roles.add')}
    </Button>
  );
  if (data.items.length === 0) {
    return (
      <EmptyState
        icon={<IconUsers size={40} />}
        title={t('models.roles.emptyTitle')}
        text={t('models.roles.emptyText')}
        actions={add}
      />
    );
  }
  return (
    <Scrolls className={classes.page} label={t('models.tab.roles')} pane="models-roles">
      <Stack gap="sm">
        <p className={base.paragraph}>{t('models.roles.text')}</p>
        {add}
        {data.items.map((role) => (
          <Role key={role.name} role={role} />
        ))}
      </Stack>
    </Scrolls>
  );
}

function Role({ role }: { role: go.RoleRow }) {
  const renew = useRenewModels();
  const remove = () =>
    tried(async () => {
      await api.models.RemoveRole({ name: role.name });
      await renew();
      notifyUndo(t('models.roles.removed', { name: role.name }), async () => {
        await api.models.SetRole({ was: '', role });
        await renew();
      });
    });
  return (
    <section className={base.card} aria-label={role.name}>
      <div className={base.cardHead}>
        <h3>
          <Visible text={role.name} />
        </h3>
        <span className={base.dim}>{roleWay(wayOf(role))}</span>
        <Group gap={4}>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => useModelsScreen.setState({ role: role.name })}
          >
            {t('models.roles.edit')}
          </Button>
          <Button size="compact-xs" variant="subtle" color="red" onClick={() => void remove()}>
            {t('models.roles.remove')}
          </Button>
        </Group>
      </div>
      <ul className={base.bullets}>
        {[...role.headers, ...role.body, role.command, role.latest].filter(Boolean).map((line) => (
          <li key={line}>
            <code>
              <Visible text={line} />
            </code>
          </li>
        ))}
        {role.login.length > 0 && (
          <li>{t('models.roles.loginLine', { ids: role.login.join(', '), token: role.token })}</li>
        )}
        {role.knows.length > 0 && <li>{t('models.roles.knowsLine', { n: role.knows.length })}</li>}
        {role.holds.length > 0 && <li>{t('models.roles.holdsLine', { ids: role.holds.join(', ') })}</li>}
        {role.models.length > 0 && <li>{t('models.roles.modelsLine', { names: role.models.join(', ') })}</li>}
      </ul>
    </section>
  );
}

const lines = (text: string) => text.split('\n');

function Editor({ role, onDone }: { role: go.RoleRow; onDone(): void }) {
  const [draft, setDraft] = useState(role);
  const [way, setWay] = useState<Way>(wayOf(role));
  const [failed, setFailed] = useState<unknown>(null);
  const renew = useRenewModels();
  const set = (change: Partial<go.RoleRow>) => setDraft((now) => ({ ...now, ...change }));
  const save = async () => {
    const only = {
      ...draft,
      command: way === 'command' ? draft.command : '',
      login: way === 'login' ? draft.login : [],
      token: way === 'login' ? draft.token : '',
      latest: way === 'latest' ? draft.latest : '',
    };
    try {
      await api.models.SetRole({ was: role.name, role: only });
      await renew();
      onDone();
    } catch (reason) {
      setFailed(reason);
    }
  };
  useCommand('models.submit', () => void save());
  const area = (field: 'headers' | 'body' | 'knows' | 'holds', placeholder: string) => (
    <Textarea
      label={t('models.word.roleField', { field })}
      description={t('models.word.roleFieldText', { field })}
      placeholder={placeholder}
      classNames={{ input: classes.code ?? '' }}
      autosize
      minRows={2}
      maxRows={8}
      spellCheck={false}
      value={draft[field].join('\n')}
      onChange={(event) => set({ [field]: lines(event.currentTarget.value) })}
    />
  );
  return (
    <Scrolls className={classes.page} label={t('models.roles.editor')} pane="models-role">
      <form
        className={classes.narrow}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack gap="sm">
          <h2 className={classes.heading}>{role.name || t('models.roles.add')}</h2>
          <Alert color="blue" icon={<IconInfoCircle size={18} />}>
            {t('models.roles.secrets', { sample: '{{env:TOKEN_A}}' })}
          </Alert>
          <TextInput
            label={t('models.field.name')}
            placeholder="customer-a"
            autoFocus
            required
            value={draft.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          {area('headers', 'Authorization: Bearer {{env:TOKEN_A}}\nCookie: session={{env:SESSION_A}}')}
          {area('body', '/user/id=17')}
          <Radio.Group label={t('models.roles.token')} value={way} onChange={(next) => setWay(next as Way)}>
            <Stack gap={6} mt={4}>
              {(['plain', 'command', 'login', 'latest'] as const).map((each) => (
                <Radio size="xs" key={each} value={each} label={roleWay(each)} />
              ))}
            </Stack>
          </Radio.Group>
          {way === 'command' && (
            <TextInput
              label={t('models.roles.field.command')}
              description={t('models.roles.field.commandText', { token: '{{token}}' })}
              placeholder="vault read -field=token secret/customer-a"
              value={draft.command}
              onChange={(event) => set({ command: event.currentTarget.value })}
            />
          )}
          {way === 'login' && (
            <>
              <TextInput
                label={t('models.roles.field.login')}
                description={t('models.roles.field.loginText')}
                placeholder="17, 18"
                value={draft.login.join(', ')}
                onChange={(event) => set({ login: event.currentTarget.value.split(/[,\s]+/) })}
              />
              <TextInput
                label={t('models.roles.field.token')}
                description={t('models.roles.field.tokenText')}
                placeholder="/access_token"
                value={draft.token}
                onChange={(event) => set({ token: event.currentTarget.value })}
              />
            </>
          )}
          {way === 'latest' && (
            <TextInput
              label={t('models.roles.field.latest')}
              description={t('models.roles.field.latestText')}
              placeholder="host:staging.example client:chrome"
              value={draft.latest}
              onChange={(event) => set({ latest: event.currentTarget.value })}
            />
          )}
          {area('holds', 'order-17')}
          {area('knows', 'alice@example.test')}
          {failed !== null && (
            <div ref={(element) => element?.scrollIntoView({ block: 'nearest' })}>
              <ErrorState error={failed} />
            </div>
          )}
          <Group gap="xs">
            <Button type="submit" disabled={draft.name.trim() === ''}>
              {t('models.roles.save')}
            </Button>
            <Button variant="default" onClick={onDone}>
              {t('models.rename.cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Scrolls>
  );
}
