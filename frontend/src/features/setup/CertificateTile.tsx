import { Alert, Button, Group, Menu, Stack, Text } from '@mantine/core';
import { IconCertificate, IconChevronDown } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, api, type go } from '../../api';
import { choosePath } from '../../frame/choose';
import { notifyDone, notifyError } from '../../frame/notify';
import { Copy, ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Stores } from './Stores';
import classes from './setup.module.css';
import { Tile } from './Tile';
import { Steps } from './TrustSteps';

type Doing = 'trust' | 'untrust' | undefined;

/** CertificateTile shows the root certificate, who trusts it, and how to change that. */
export function CertificateTile() {
  const certificate = useQuery({
    queryKey: ['setup', 'certificate'],
    queryFn: () => api.certificate.State({}),
  });
  return (
    <Tile
      icon={<IconCertificate size={20} />}
      title={t('setup.certificate.title')}
      text={t('setup.certificate.text')}
      section="certificate"
      wide
    >
      {certificate.isPending && <Loading rows={4} />}
      {certificate.isError && <ErrorState error={certificate.error} onRetry={() => certificate.refetch()} />}
      {certificate.data && <Body certificate={certificate.data} />}
    </Tile>
  );
}

function Body({ certificate }: { certificate: go.CertificateOut }) {
  const [doing, setDoing] = useState<Doing>();
  const check = useMutation({ mutationFn: () => api.certificate.Check({}) });
  const change = useMutation({
    mutationFn: (trust: boolean) => api.certificate.Trust({ trust }),
    onSettled: () => setDoing(undefined),
  });
  return (
    <Stack gap="sm">
      <Facts certificate={certificate} />
      <Group gap="xs">
        <Button onClick={() => setDoing('trust')}>{t('setup.certificate.trust')}</Button>
        <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          {t('setup.certificate.check')}
        </Button>
        <Export />
        <Button variant="subtle" color="red" onClick={() => setDoing('untrust')}>
          {t('setup.certificate.untrust')}
        </Button>
      </Group>
      {doing && (
        <Steps
          trust={doing === 'trust'}
          steps={doing === 'trust' ? certificate.trust : certificate.untrust}
          running={change.isPending}
          onRun={() => change.mutate(doing === 'trust')}
          onClose={() => setDoing(undefined)}
        />
      )}
      {change.isError && <ErrorState error={change.error} />}
      {change.data && <Changed changed={change.data} />}
      {check.isError && <ErrorState error={check.error} />}
      {check.data && <Checked checked={check.data} />}
    </Stack>
  );
}

function Facts({ certificate }: { certificate: go.CertificateOut }) {
  const rows = [
    [t('setup.certificate.file'), certificate.path],
    [t('setup.certificate.sha256'), certificate.sha256],
    [t('setup.certificate.spki'), certificate.spki],
    [t('setup.certificate.expires'), certificate.expires],
  ] as const;
  return (
    <dl className={classes.facts}>
      {rows.map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>
            {value} <Copy text={value} title={t('setup.certificate.copy', { name })} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

const forms = [
  { form: 'pem', label: t('setup.certificate.pem'), name: 'assay-ca.pem' },
  { form: 'der', label: t('setup.certificate.der'), name: 'assay-ca.der' },
  { form: 'p12', label: t('setup.certificate.p12'), name: 'assay-ca.p12' },
];

function Export() {
  const save = async ({ form, name }: (typeof forms)[number]) => {
    const path = await choosePath({ title: t('setup.certificate.exportTitle'), save: true, name, ext: form });
    if (!path) return;
    try {
      const out = await api.certificate.Export({ path, form, replace: false });
      notifyDone(t('setup.certificate.exported', { path: out.path }));
    } catch (reason) {
      notifyError(ApiError.from(reason));
    }
  };
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
          {t('setup.certificate.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {forms.map((one) => (
          <Menu.Item key={one.form} onClick={() => save(one)}>
            {one.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Changed({ changed }: { changed: go.TrustOut }) {
  return (
    <>
      {changed.problems.map((problem) => (
        <Alert key={problem} color="orange" title={t('setup.certificate.problem')} role="alert">
          <pre className={classes.plain}>{problem}</pre>
        </Alert>
      ))}
      <Stores stores={changed.stores} />
    </>
  );
}

function Checked({ checked }: { checked: go.CheckOut }) {
  return (
    <>
      <Alert
        color={checked.trusted ? 'green' : 'orange'}
        role="status"
        title={checked.trusted ? t('setup.certificate.trusted') : t('setup.certificate.notTrusted')}
      >
        {checked.problem && <Text size="sm">{checked.problem}</Text>}
        {!checked.trusted && <Text size="sm">{t('setup.certificate.notNeeded')}</Text>}
      </Alert>
      <Stores stores={checked.stores} />
    </>
  );
}
