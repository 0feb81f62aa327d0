import { Button } from '@mantine/core';
import { IconCertificate } from '@tabler/icons-react';
import { useNav } from '../../frame/nav';
import { t } from '../../i18n';
import { Setting } from './Setting';

/** Certificate leads to where the root certificate is trusted, checked and removed. */
export function Certificate() {
  return (
    <Setting own label={t('settings.certificate.label')} help={t('settings.certificate.help')}>
      {({ describedby }) => (
        <Button
          variant="default"
          aria-describedby={describedby}
          leftSection={<IconCertificate size={15} />}
          onClick={() => useNav.getState().go('setup', { section: 'certificate' })}
        >
          {t('settings.certificate.button')}
        </Button>
      )}
    </Setting>
  );
}
