import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Uses both HTTP clients of the JDK and prints one line for each request. */
public class Client {
    public static void main(String[] args) throws Exception {
        String local = "http://localhost:" + System.getenv("CLOSED_PORT");
        for (String base : new String[] {"https://api.example", local}) {
            String kind = base.startsWith("https") ? "https" : "localhost";
            report("HttpClient " + kind, () -> HttpClient.newHttpClient().send(
                    HttpRequest.newBuilder(URI.create(base + "/java-client")).build(),
                    HttpResponse.BodyHandlers.ofString()).body());
            report("HttpURLConnection " + kind, () -> {
                HttpURLConnection connection = (HttpURLConnection) URI.create(base + "/java-connection").toURL().openConnection();
                return new String(connection.getInputStream().readAllBytes());
            });
        }
    }

    interface Request { String send() throws IOException, InterruptedException; }

    static void report(String name, Request request) {
        try {
            String text = request.send();
            System.out.println(text.equals("through the proxy") ? "ok " + name : "failed " + name + ": got " + text);
        } catch (Exception error) {
            System.out.println("failed " + name + ": " + error);
        }
    }
}
