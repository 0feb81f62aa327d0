// Preloaded into the production window by the tests, which then may drive it with WebKitWebDriver. The window as it is
// shipped does not allow automation.
#include <webkit2/webkit2.h>

static GtkWidget *view;

static GtkWidget *give_view(WebKitAutomationSession *session, gpointer data) {
	(void)session;
	(void)data;
	return view;
}

static void started(WebKitWebContext *context, WebKitAutomationSession *session, gpointer data) {
	(void)context;
	(void)data;
	WebKitApplicationInfo *info = webkit_application_info_new();
	webkit_application_info_set_name(info, "assay");
	webkit_automation_session_set_application_info(session, info);
	webkit_application_info_unref(info);
	g_signal_connect(session, "create-web-view", G_CALLBACK(give_view), NULL);
}

// In place of the library's own: the same view, under automation.
GtkWidget *webkit_web_view_new_with_user_content_manager(WebKitUserContentManager *manager) {
	WebKitWebContext *context = webkit_web_context_get_default();
	webkit_web_context_set_automation_allowed(context, TRUE);
	g_signal_connect(context, "automation-started", G_CALLBACK(started), NULL);
	view = GTK_WIDGET(g_object_new(WEBKIT_TYPE_WEB_VIEW, "web-context", context, "user-content-manager", manager,
		"is-controlled-by-automation", TRUE, NULL));
	return view;
}
