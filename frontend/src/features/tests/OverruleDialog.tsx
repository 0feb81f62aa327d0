import { Button, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import { t } from '../../i18n';
import frame from '../inventory/inventory.module.css';
import { acceptRisk, overrule } from './acts';
import { useRenewRuns } from './queries';
import shared from './tests.module.css';

/** What a person says of a trial: another verdict, or that its risk is accepted. */
export type Says = 'resisted' | 'vulnerable' | 'accept';

const titles: Record<Says, () => string> = {
  resisted: () => t('tests.overrule.falsePositive'),
  vulnerable: () => t('tests.overrule.verified'),
  accept: () => t('tests.overrule.accept'),
};

const texts: Record<Says, () => string> = {
  resisted: () => t('tests.overrule.falsePositiveText'),
  vulnerable: () => t('tests.overrule.verifiedText'),
  accept: () => t('tests.overrule.acceptText'),
};

interface OverruleDialogProps {
  run: string;
  n: number;
  trial: number;
  says: Says;
  onClose(): void;
}

/** OverruleDialog asks why. The reason is remembered with every trial that is like this one. */
export function OverruleDialog({ run, n, trial, says, onClose }: OverruleDialogProps) {
  const [reason, setReason] = useState('');
  const renew = useRenewRuns();
  const save = () => {
    if (reason.trim() === '') return;
    onClose();
    if (says === 'accept') void acceptRisk({ run, n, reason }, renew);
    else void overrule({ run, n, trial, verdict: says, reason }, renew);
  };
  return (
    <Modal opened onClose={onClose} title={titles[says]()}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <p className={frame.nothing}>{texts[says]()}</p>
        <Textarea
          data-autofocus
          mt="xs"
          label={t('tests.overrule.reason')}
          autosize
          minRows={2}
          maxRows={8}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.shiftKey) {
              event.preventDefault();
              save();
            }
          }}
        />
        <div className={shared.dialogEnd}>
          <Button variant="default" onClick={onClose}>
            {t('tests.cancel')}
          </Button>
          <Button type="submit" disabled={reason.trim() === ''}>
            {t('tests.overrule.save')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
