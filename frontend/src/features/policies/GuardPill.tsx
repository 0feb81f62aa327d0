import { UnstyledButton } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useNav } from '../../frame/nav';
import { useSession } from '../../frame/session';
import { t } from '../../i18n';
import { showApprovals } from './Approvals';
import classes from './GuardPill.module.css';

/** GuardPill says on every screen that a guard stands before the traffic, and what waits for a person. */
export function GuardPill() {
  const guard = useSession().data?.guard;
  const go = useNav((nav) => nav.go);
  if (!guard) return null;
  const { mode, at_work, policies, waiting } = guard;
  if (mode === 'off' && waiting === 0) return null;
  const look = mode === 'enforce' ? 'enforce' : 'monitor';
  return (
    <>
      {mode !== 'off' && (
        <UnstyledButton
          className={classes.pill ?? ''}
          data-look={at_work ? look : 'waits'}
          title={t('policies.pill.title')}
          onClick={() => go('policies')}
        >
          <IconShieldCheck size={15} aria-hidden />
          <span className={classes.text}>
            {at_work
              ? t('policies.pill.works', { mode, n: policies })
              : t('policies.pill.waits', { mode, n: policies })}
          </span>
        </UnstyledButton>
      )}
      {waiting > 0 && (
        <UnstyledButton className={classes.waiting ?? ''} onClick={showApprovals}>
          {t('policies.pill.waiting', { n: waiting })}
        </UnstyledButton>
      )}
    </>
  );
}
