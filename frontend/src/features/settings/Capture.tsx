import { Alert, Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api';
import { notifyError } from '../../frame/notify';
import { t } from '../../i18n';
import { ListSetting, SwitchSetting, TextSetting } from './controls';
import type { Settings, SettingsHold } from './useSettings';

type CaptureKey = keyof Settings['capture'];

/** Capture is what is recorded, from where, and what is left alone. */
export function Capture({ hold }: { hold: SettingsHold }) {
  const { data, problems, change } = hold;
  if (!data) return null;
  const of = <K extends CaptureKey>(key: K) => ({
    value: data.settings.capture[key],
    ordinary: data.defaults.capture[key],
    problem: problems.find((each) => each.field === `capture.${key}`)?.message,
    fixed: data.fixed.includes(`capture.${key}`),
    onChange: (value: Settings['capture'][K]) => change('capture', { [key]: value }),
  });
  return (
    <>
      {data.restart && <Restart />}
      <TextSetting
        {...of('listen')}
        label={t('settings.capture.listen.label')}
        help={t('settings.capture.listen.help')}
      />
      <SwitchSetting
        {...of('allow_remote')}
        label={t('settings.capture.remote.label')}
        help={t('settings.capture.remote.help')}
      />
      <SwitchSetting
        {...of('at_start')}
        label={t('settings.capture.start.label')}
        help={t('settings.capture.start.help')}
      />
      <ListSetting
        {...of('scope')}
        label={t('settings.capture.scope.label')}
        help={t('settings.capture.scope.help')}
      />
      <ListSetting
        {...of('pass_through')}
        label={t('settings.capture.pass.label')}
        help={t('settings.capture.pass.help')}
      />
      <SwitchSetting
        {...of('pass_refused')}
        label={t('settings.capture.refused.label')}
        help={t('settings.capture.refused.help')}
      />
      <TextSetting
        {...of('upstream_proxy')}
        label={t('settings.capture.upstream.label')}
        help={t('settings.capture.upstream.help')}
      />
      <ListSetting
        {...of('accept_certificate')}
        label={t('settings.capture.accept.label')}
        help={t('settings.capture.accept.help')}
      />
    </>
  );
}

function Restart() {
  const client = useQueryClient();
  const restart = useMutation({
    mutationFn: async () => {
      await api.session.StopCapture({});
      await api.session.StartCapture({ listen: '' });
    },
    onError: notifyError,
    onSettled: () => client.invalidateQueries({ queryKey: ['settings'] }),
  });
  return (
    <Alert color="yellow" title={t('settings.capture.restart.title')} role="status">
      <Button size="compact-sm" loading={restart.isPending} onClick={() => restart.mutate()}>
        {t('settings.capture.restart.button')}
      </Button>
    </Alert>
  );
}
