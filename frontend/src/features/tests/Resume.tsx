import { Button, Modal, PasswordInput } from '@mantine/core';
import { IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { api, type go } from '../../api';
import { notifyError } from '../../frame/notify';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import frame from '../inventory/inventory.module.css';
import { noMore, resume, retry } from './acts';
import { BudgetInputs } from './Plan';
import { useRenewRuns } from './queries';
import shared from './tests.module.css';

interface ResumeProps {
  run: go.RunRow;
  compact?: boolean;
  /** sends again what errored, in place of what is pending */
  again?: boolean;
}

/** ResumeButton goes on with a run. It asks only where something is missing: a key, or a budget that is used up. */
export function ResumeButton({ run, compact = false, again = false }: ResumeProps) {
  const [asked, setAsked] = useState<go.RunOut>();
  const [busy, setBusy] = useState(false);
  const renew = useRenewRuns();
  const act = again ? retry : resume;
  const go = async () => {
    setBusy(true);
    try {
      const out = await api.tests.Run({ id: run.id });
      if (out.needs_key || out.spent) setAsked(out);
      else await act(noMore(run.id), renew);
    } catch (reason) {
      notifyError(reason);
    }
    setBusy(false);
  };
  return (
    <>
      <Button
        size={compact ? 'compact-xs' : 'compact-sm'}
        variant={again ? 'default' : 'filled'}
        loading={busy}
        leftSection={again ? <IconRefresh size={14} /> : <IconPlayerPlay size={14} />}
        onClick={() => void go()}
      >
        {again ? t('tests.run.retry') : t('tests.run.resume')}
      </Button>
      {asked && (
        <Asked
          run={asked}
          onClose={() => setAsked(undefined)}
          onGo={(more) => {
            setAsked(undefined);
            void act(more, renew);
          }}
        />
      )}
    </>
  );
}

interface AskedProps {
  run: go.RunOut;
  onClose(): void;
  onGo(more: go.ContinueIn): void;
}

function Asked({ run, onClose, onGo }: AskedProps) {
  const { budget, row, needs_key, spent: out } = run;
  const [key, setKey] = useState('');
  const [larger, setLarger] = useState<go.Budget>({
    requests: budget.requests * 2,
    tokens: budget.tokens * 2,
    usd: budget.usd * 2,
    minutes: budget.minutes * 2,
  });
  return (
    <Modal opened onClose={onClose} title={t('tests.run.resumeTitle')}>
      {row.why && (
        <p className={frame.paragraph}>
          <Visible text={row.why} />
        </p>
      )}
      {out && (
        <>
          <p className={frame.nothing}>{t('tests.run.largerBudget')}</p>
          <BudgetInputs budget={larger} onChange={setLarger} />
        </>
      )}
      {needs_key && (
        <PasswordInput
          label={t('tests.plan.key')}
          description={t('tests.plan.keyHelp')}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
      )}
      <div className={shared.dialogEnd}>
        <Button variant="default" onClick={onClose}>
          {t('tests.cancel')}
        </Button>
        <Button onClick={() => onGo({ ...noMore(row.id), key, ...(out ? { budget: larger } : {}) })}>
          {t('tests.run.resume')}
        </Button>
      </div>
    </Modal>
  );
}
