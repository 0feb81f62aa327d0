import { Button } from '@mantine/core';
import { IconLock, IconPlugConnectedX } from '@tabler/icons-react';
import { t } from '../i18n';
import { Visible } from '../theme/Visible';
import { useConnectionLost } from './connection';
import classes from './frame.module.css';
import { useProjects } from './project';
import { useSession } from './session';

/** Banners say what holds for the whole window: that Go is out of reach, or that nothing can be changed. */
export function Banners() {
  const lost = useConnectionLost();
  const project = useSession().data?.project;
  const { open, busy } = useProjects();
  return (
    <>
      {lost && (
        <div className={classes.banner} data-look="bad" role="alert">
          <IconPlugConnectedX size={16} aria-hidden />
          <span>{t('frame.connection.lost')}</span>
        </div>
      )}
      {project?.open && project.read_only && (
        <div className={classes.banner} data-look="info" role="status">
          <IconLock size={16} aria-hidden />
          <span>
            {t('frame.readOnly')} <Visible text={project.why} />
          </span>
          <Button size="compact-xs" variant="default" loading={busy} onClick={() => open(project.path)}>
            {t('frame.readOnlyAgain')}
          </Button>
        </div>
      )}
    </>
  );
}
