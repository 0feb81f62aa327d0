import { Button } from '@mantine/core';
import { IconArrowLeft, IconPlus } from '@tabler/icons-react';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import base from '../inventory/inventory.module.css';
import { Failed, Scrolls } from '../inventory/parts';
import { addPreset } from './acts';
import classes from './Presets.module.css';
import { Action } from './parts';
import { usePresets, useRenewPolicies, useWritable } from './queries';
import { usePoliciesScreen } from './store';
import { matchWords, sideWord } from './words';

const close = () => usePoliciesScreen.setState({ presets: false });

/** Presets are policies worth beginning with: a person looks at them, and adds them. They are off then. */
export function Presets() {
  const { data, error, refetch } = usePresets();
  useCommand('policies.close', close);
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={8} />;
  return (
    <Scrolls className={classes.page} label={t('policies.presets.title')} pane="policies-presets">
      <div className={classes.head}>
        <Button size="compact-sm" variant="subtle" leftSection={<IconArrowLeft size={15} />} onClick={close}>
          {t('policies.presets.back')}
        </Button>
        <p className={base.nothing}>{t('policies.presets.text')}</p>
      </div>
      <div className={classes.presets}>
        {data.items.map((preset) => (
          <Preset key={preset.name} preset={preset} />
        ))}
      </div>
    </Scrolls>
  );
}

function Preset({ preset }: { preset: go.PolicyPreset }) {
  const renew = useRenewPolicies();
  const writable = useWritable();
  const all = preset.have >= preset.items.length;
  return (
    <section className={base.card} aria-label={preset.name}>
      <div className={base.cardHead}>
        <h2 className={classes.name}>
          <Visible text={preset.name} />
        </h2>
        <span className={base.dim}>{t('policies.presets.count', { n: preset.items.length })}</span>
        <Button
          size="compact-sm"
          leftSection={<IconPlus size={15} />}
          aria-label={t('policies.presets.addNamed', { name: preset.name })}
          disabled={all || !writable}
          onClick={() => void addPreset(preset, renew)}
        >
          {all
            ? t('policies.presets.there')
            : t('policies.presets.add', { n: preset.items.length - preset.have })}
        </Button>
      </div>
      <ul className={classes.policies}>
        {preset.items.map(({ form }) => (
          <li key={form.name}>
            <span className={classes.line}>
              <Action action={form.action} />
              <strong>
                <Visible text={form.name} />
              </strong>
              <span className={base.dim}>{sideWord(form.side)}</span>
            </span>
            <span className={classes.words}>
              <Visible text={matchWords(form)} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
