import { Button, Modal, Radio, Stack, Textarea } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { go } from '../../api';
import { ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import base from '../inventory/inventory.module.css';
import { callHarmless } from './acts';
import classes from './Harmless.module.css';
import { useRenewThreats, useScopes } from './queries';
import { useThreats } from './store';

const close = () => useThreats.setState({ harmless: [] });

/** Harmless asks for what else threats are harmless, and why. */
export function Harmless() {
  const ids = useThreats((state) => state.harmless);
  const { data, error } = useScopes(ids);
  return (
    <Modal
      opened={ids.length > 0}
      onClose={close}
      size="lg"
      title={t('threats.harmless.title', { n: ids.length })}
    >
      {error ? (
        <ErrorState error={error} />
      ) : data ? (
        <Form ids={ids} scopes={data.scopes} />
      ) : (
        <Loading rows={4} />
      )}
    </Modal>
  );
}

function Form({ ids, scopes }: { ids: readonly string[]; scopes: go.ThreatScope[] }) {
  const can = scopes.filter(({ n }) => n > 0);
  const [scope, setScope] = useState(can[0]?.id ?? 'everywhere');
  const [reason, setReason] = useState('');
  const renew = useRenewThreats();
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []); // the dialog was there before its form
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        close();
        void callHarmless([...ids], scope, reason.trim(), renew);
      }}
    >
      <p className={base.nothing}>{t('threats.harmless.text')}</p>
      <Radio.Group label={t('threats.harmless.scope')} value={scope} onChange={setScope} mt="sm">
        <Stack gap="xs" mt={6}>
          {can.map(({ id, where, words, n }, at) => (
            <Radio
              key={id}
              value={id}
              {...(at === 0 && { ref: first })}
              label={t('threats.harmless.name', { scope: id })}
              description={
                <>
                  {words ? (
                    <Visible text={words} />
                  ) : (
                    t('threats.harmless.each', { scope: id, n: ids.length })
                  )}
                  {where && (
                    <span className={classes.where}>
                      <Visible text={where} />
                    </span>
                  )}
                  {n < ids.length && <span>{t('threats.harmless.some', { n, all: ids.length })}</span>}
                </>
              }
            />
          ))}
        </Stack>
      </Radio.Group>
      <Textarea
        mt="sm"
        label={t('threats.harmless.reason')}
        placeholder={t('threats.harmless.placeholder')}
        autosize
        minRows={2}
        maxRows={8}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className={classes.end}>
        <Button variant="default" onClick={close}>
          {t('threats.cancel')}
        </Button>
        <Button type="submit">{t('threats.harmless.save')}</Button>
      </div>
    </form>
  );
}
