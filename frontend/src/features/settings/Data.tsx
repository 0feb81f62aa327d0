import { Alert, List, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, type go } from '../../api';
import { choosePath } from '../../frame/choose';
import { notifyDone } from '../../frame/notify';
import { useSession } from '../../frame/session';
import { Copy, ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatBytes, formatDateTime, formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { Act } from './Act';
import { NumberSetting, TextSetting } from './controls';
import { Erase } from './Erase';
import { Setting } from './Setting';
import type { SettingsHold } from './useSettings';

// What the project holds, asked again when a job about it has ended.
function useData() {
  const client = useQueryClient();
  const jobs = useSession().data?.jobs ?? [];
  const ended = jobs.filter((job) => job.state !== 'running').length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again because a job ended
  useEffect(() => void client.invalidateQueries({ queryKey: ['settings', 'data'] }), [ended]);
  return useQuery({ queryKey: ['settings', 'data'], queryFn: () => api.settings.Data({}) });
}

/** Data is the care of the open project: what it holds, backup, check, what is old, erase. */
export function Data({ hold }: { hold: SettingsHold }) {
  const { data, error, refetch, isPending } = useData();
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Loading rows={4} />;
  return (
    <>
      <Facts data={data} />
      <Acts data={data} />
      <Retention hold={hold} disabled={data.read_only} />
      <Erase data={data} />
    </>
  );
}

function Facts({ data }: { data: go.DataOut }) {
  return (
    <>
      <Setting own label={t('settings.data.file')} help={t('settings.data.about', facts(data))}>
        {() => (
          <>
            <code>
              <Visible text={data.path} />
            </code>
            <Copy text={data.path} title={t('settings.data.copyPath')} />
          </>
        )}
      </Setting>
      <Setting own label={t('settings.data.home')} help={t('settings.data.homeHelp')}>
        {() => (
          <>
            <code>
              <Visible text={data.home} />
            </code>
            <Copy text={data.home} title={t('settings.data.copyPath')} />
          </>
        )}
      </Setting>
    </>
  );
}

function facts(data: go.DataOut) {
  return {
    exchanges: data.exchanges,
    conversations: data.conversations,
    size: formatBytes(data.bytes),
    created: formatDateTime(data.created),
  };
}

function Acts({ data }: { data: go.DataOut }) {
  const backup = async () => {
    const state = await api.session.State({});
    const path =
      state.mode === 'browser'
        ? await choosePath({
            title: t('settings.data.backup.title'),
            save: true,
            name: `${data.folder}/${data.name}-backup.assay`,
          })
        : '';
    if (state.mode === 'browser' && !path) return;
    await api.settings.Backup({ path });
  };
  const empty = async () => {
    const { n } = await api.settings.EmptyTrash({});
    notifyDone(t('settings.data.trash.done', { n }));
  };
  return (
    <>
      <Act
        label={t('settings.data.backup.label')}
        help={t('settings.data.backup.help')}
        button={t('settings.data.backup.button')}
        run={backup}
      />
      <Act
        label={t('settings.data.check.label')}
        help={t('settings.data.check.help')}
        button={t('settings.data.check.button')}
        run={() => api.settings.Check({})}
      />
      <CheckResult data={data} />
      <Act
        label={t('settings.data.analyse.label')}
        help={t('settings.data.analyse.help')}
        button={t('settings.data.analyse.button')}
        disabled={data.read_only}
        run={() => api.settings.Analyse({})}
      />
      <Act
        label={t('settings.data.trash.label')}
        help={t('settings.data.trash.help', { n: data.deleted })}
        button={t('settings.data.trash.button')}
        disabled={data.read_only || data.deleted === 0}
        run={empty}
      />
      <Act
        label={t('settings.data.compact.label')}
        help={t('settings.data.compact.help')}
        button={t('settings.data.compact.button')}
        disabled={data.read_only}
        run={() => api.settings.Compact({})}
      />
    </>
  );
}

function CheckResult({ data }: { data: go.DataOut }) {
  if (!data.checked) return null;
  const when = formatDateTime(data.checked);
  if (data.problems.length === 0) return <Text size="sm">{t('settings.data.check.fine', { when })}</Text>;
  return (
    <Alert color="red" title={t('settings.data.check.found', { n: data.problems.length, when })}>
      <List>
        {data.problems.map((problem) => (
          <List.Item key={problem}>
            <Visible text={problem} />
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function Retention({ hold, disabled }: { hold: SettingsHold; disabled: boolean }) {
  const { data, problems, change } = hold;
  const retention = data?.settings.retention;
  const { data: old } = useQuery({
    queryKey: ['settings', 'old', retention],
    queryFn: () => api.settings.Old({}),
    enabled: (retention?.age_days ?? 0) > 0,
  });
  if (!data || !retention) return null;
  const problem = (key: string) => problems.find((each) => each.field === `retention.${key}`)?.message;
  const retain = async () => {
    const { n } = await api.settings.Retain({});
    notifyDone(t('settings.data.retain.done', { n }));
  };
  return (
    <>
      <NumberSetting
        label={t('settings.data.age.label')}
        help={t('settings.data.age.help')}
        value={retention.age_days}
        ordinary={data.defaults.retention.age_days}
        min={0}
        max={36_500}
        suffix={t('settings.data.age.unit')}
        problem={problem('age_days')}
        onChange={(age_days) => change('retention', { age_days })}
      />
      <TextSetting
        label={t('settings.data.size.label')}
        help={t('settings.data.size.help')}
        value={retention.size}
        ordinary={data.defaults.retention.size}
        problem={problem('size')}
        onChange={(size) => change('retention', { size })}
      />
      <Act
        label={t('settings.data.retain.label')}
        help={
          old
            ? t('settings.data.retain.count', { n: old.n, text: formatNumber(old.n) })
            : t('settings.data.retain.help')
        }
        button={t('settings.data.retain.button')}
        disabled={disabled || (retention.age_days === 0 && retention.size === '')}
        run={retain}
      />
    </>
  );
}
