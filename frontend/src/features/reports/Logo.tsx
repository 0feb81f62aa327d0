import { Button, FileButton } from '@mantine/core';
import { IconPhotoPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { ApiError, api, type go } from '../../api';
import { notifyUndo } from '../../frame/notify';
import { ErrorState } from '../../frame/ui';
import { t } from '../../i18n';
import { formatBytes } from '../../i18n/format';
import base from '../inventory/inventory.module.css';
import classes from './Form.module.css';
import { useRenewChoices } from './queries';
import { anew } from './store';

/** MOST is what a logo may have, in bytes; Go looks at it too. */
const MOST = 1 << 20;

// A file as Go takes it: base64, without what stands before it in a data: URL.
function encoded(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(reader.error);
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.readAsDataURL(file);
  });
}

/** Logo is the picture on the cover: chosen, looked at, taken away. */
export function Logo({ logo, disabled }: { logo: go.ReportLogo; disabled: boolean }) {
  const [failed, setFailed] = useState<unknown>(null);
  const renew = useRenewChoices();
  const set = async (picture: string) => {
    await api.reports.SetLogo({ picture });
    await renew();
    anew();
  };
  const tried = async (act: () => Promise<void>) => {
    setFailed(null);
    try {
      await act();
    } catch (reason) {
      setFailed(reason);
    }
  };
  const choose = (file: File | null) =>
    tried(async () => {
      if (!file) return;
      if (file.size > MOST) throw new ApiError('input', t('reports.logo.large'), t('reports.logo.largeHint'));
      await set(await encoded(file));
    });
  const remove = () =>
    tried(async () => {
      const before = logo.picture.replace(/^[^,]*,/, '');
      await set('');
      notifyUndo(t('reports.logo.removed'), () => set(before));
    });
  return (
    <div>
      <span className={classes.label}>{t('reports.cover.logo')}</span>
      <div className={classes.logo}>
        {logo.picture && <img className={classes.picture} src={logo.picture} alt={t('reports.logo.alt')} />}
        <FileButton accept="image/png,image/jpeg" onChange={(file) => void choose(file)} disabled={disabled}>
          {(props) => (
            <Button
              {...props}
              variant="default"
              size="compact-sm"
              leftSection={<IconPhotoPlus size={15} />}
              disabled={disabled}
            >
              {logo.picture ? t('reports.logo.other') : t('reports.logo.choose')}
            </Button>
          )}
        </FileButton>
        {logo.picture && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconX size={14} />}
            disabled={disabled}
            onClick={() => void remove()}
          >
            {t('reports.logo.remove')}
          </Button>
        )}
        <span className={base.dim}>
          {logo.picture
            ? t('reports.logo.size', {
                width: logo.width,
                height: logo.height,
                size: formatBytes(logo.bytes),
              })
            : t('reports.logo.text')}
        </span>
      </div>
      {failed !== null && <ErrorState error={failed} />}
    </div>
  );
}
