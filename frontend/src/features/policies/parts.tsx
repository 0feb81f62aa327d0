// Small things of policies.
import {
  IconEraser,
  IconEye,
  IconGauge,
  IconHandStop,
  IconQuestionMark,
  IconUserQuestion,
  type TablerIcon,
} from '@tabler/icons-react';
import { t } from '../../i18n';
import classes from './parts.module.css';
import { actionWord } from './words';

const icons: Record<string, TablerIcon> = {
  monitor: IconEye,
  throttle: IconGauge,
  redact: IconEraser,
  approve: IconUserQuestion,
  block: IconHandStop,
};

/** Action is what a policy does: a sign, a word and a colour. */
export function Action({ action }: { action: string }) {
  const Icon = icons[action] ?? IconQuestionMark;
  return (
    <span className={classes.action} data-action={action}>
      <Icon size={14} aria-hidden /> {actionWord(action)}
    </span>
  );
}

/** Done tells what was carried out from what would have been. */
export function Done({ done }: { done: boolean }) {
  return done ? (
    <span className={classes.done}>{t('policies.done')}</span>
  ) : (
    <span className={classes.would}>{t('policies.would')}</span>
  );
}
