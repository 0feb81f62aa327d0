// Small things of models.
import { Checkbox, PasswordInput, Stack } from '@mantine/core';
import {
  IconAlertTriangle,
  IconEye,
  IconFlask,
  IconPlugConnected,
  type TablerIcon,
} from '@tabler/icons-react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import { Turn } from '../exchange/Message';
import classes from './models.module.css';
import { stateWord } from './words';

const icons: Record<string, TablerIcon> = {
  discovered: IconEye,
  imported: IconPlugConnected,
  tested: IconFlask,
};

/** State is how far a model has come, and whether it failed to answer. */
export function State({ row }: { row: go.ModelRow }) {
  const Icon = icons[row.state] ?? IconEye;
  return (
    <span className={classes.word} data-state={row.state}>
      <Icon size={14} aria-hidden /> {stateWord(row.state)}
      {row.status === 'failed' && (
        <IconAlertTriangle
          size={14}
          className={classes.bad}
          role="img"
          aria-label={t('models.failed')}
          title={row.error}
        />
      )}
    </span>
  );
}

/** Talk is a question and its answer, as chat. */
export function Talk({ prompt, answer }: { prompt: string; answer: string }) {
  return (
    <div className={classes.talk}>
      <Turn who="user">
        <div className={classes.said}>
          <Visible text={prompt} />
        </div>
      </Turn>
      <Turn who="assistant">
        <div className={classes.said}>
          {answer ? <Visible text={answer} /> : <span className={classes.faint}>{t('models.noText')}</span>}
        </div>
      </Turn>
    </div>
  );
}

interface KeyProps {
  value: string;
  keep: boolean;
  label?: string;
  description?: string;
  onChange(change: { key?: string; keep?: boolean }): void;
}

/** Key takes a key: it is used, and kept only where that is ticked. */
export function Key({ value, keep, label, description, onChange }: KeyProps) {
  return (
    <Stack gap="xs">
      <PasswordInput
        label={label ?? t('models.key.label')}
        description={description ?? t('models.key.text')}
        autoComplete="off"
        data-1p-ignore
        value={value}
        onChange={(event) => onChange({ key: event.currentTarget.value })}
      />
      <Checkbox
        size="xs"
        label={t('models.key.keep')}
        checked={keep}
        disabled={value === ''}
        onChange={(event) => onChange({ keep: event.currentTarget.checked })}
      />
    </Stack>
  );
}
