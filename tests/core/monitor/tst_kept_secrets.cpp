// Goal: no secret leaves in a part of the file that no job speaks of, however it is written, and
// nothing else changes.
#include "core/monitor/kept_secrets.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::monitor;

namespace {

constexpr const char* kConfig = R"(# remote store
remote_write:
  - url: https://anna:canary1@store.example/write?tenant=a
    basic_auth:
      username: ops
      password: canary2 # rotated
    headers:
      X-Scope-OrgID: team
      X-Api-Key: canary3
  - url: https://plain.example/write
    tls_config:
      key: |
        canary4
        second line
    authorization: {type: Bearer, credentials: "canary5"}
alerting:
  alertmanagers:
    - bearer_token: canary6
      static_configs: [{targets: ['am:9093']}]
scrape_configs:
  - job_name: cloud
    ec2_sd_configs:
      - access_key: AKIA
        secret_key: canary7
    basic_auth: {username: u, password_file: /etc/pw}
)";

bool has(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

std::vector<PlacedSecret> placed(const char* text)
{
    return { { "job/a/basic_auth.password", Secret(text) } };
}

} // namespace

class TestKeptSecrets : public QObject
{
    Q_OBJECT
private slots:
    void c16EverySectionIsSearched()
    {
        const auto secrets = keptSecretsOf(kConfig);
        QCOMPARE(secrets.size(), size_t(7));
        QCOMPARE(secrets[0].path, std::string("section/remote_write[0].url"));
        QCOMPARE(secrets[1].path, std::string("section/remote_write[0].basic_auth.password"));
        QCOMPARE(secrets[1].secret.reveal(), std::string("canary2"));
    }

    void c17NoneIsLeftAndTheRestStays()
    {
        const auto text = withKeptReferences(kConfig);
        QVERIFY2(text.has_value(), text ? "" : text.error().message.c_str());
        QVERIFY2(!has(*text, "canary"), text->c_str());
        for (const char* kept : { "# remote store", "# rotated", "username: ops", "X-Scope-OrgID",
                 "https://plain.example/write", "am:9093", "password_file: /etc/pw", "AKIA" })
            QVERIFY2(has(*text, kept), kept);
        QVERIFY(keptSecretsOf(*text).empty());
        QCOMPARE(*withKeptReferences(*text), *text); // Nothing is left to do.
    }

    void aTextWithoutSecretsStaysAsItIs()
    {
        const std::string text = "global:\n  scrape_interval: 5s # quick\n";
        QCOMPARE(*withKeptReferences(text), text);
    }

    void c17CommentsLoseTheirSecrets_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        const auto row = [](const char* name, const char* before, const char* after) {
            QTest::newRow(name) << QString::fromLatin1(before) << QString::fromLatin1(after);
        };
        row("commented out", "a: 1\n#   password: old\n", "a: 1\n#   password: <secret>\n");
        row("a token", "  # bearer_token: abc\n", "  # bearer_token: <secret>\n");
        row("a placeholder", "# bearer_token: <token_value>\n", "# bearer_token: <token_value>\n");
        row("the secret in words", "b: 2 # was s3cretpass before\n",
            "b: 2 # was <secret> before\n");
        row("within a longer word", "b: 2 # mys3cretpass1\n", "b: 2 # my<secret>1\n");
        row("no comment at all", "url: http://x/#s3cretpass\n", "url: http://x/#s3cretpass\n");
        row("a sign within quotes", "b: \"x # s3cretpass\"\n", "b: \"x # s3cretpass\"\n");
        row("text of a block", "b: |\n  # s3cretpass\nc: 1 # s3cretpass\n",
            "b: |\n  # s3cretpass\nc: 1 # <secret>\n");
        row("an ordinary remark", "# scrape_interval: 5s\n", "# scrape_interval: 5s\n");
    }
    void c17CommentsLoseTheirSecrets()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QCOMPARE(QString::fromStdString(
                     withoutCommentSecrets(before.toStdString(), placed("s3cretpass"))),
            after);
    }

    void aShortSecretIsOnlyAWordOfItsOwn()
    {
        QCOMPARE(withoutCommentSecrets("# adminstrator admin\n", placed("admin")),
            std::string("# adminstrator <secret>\n"));
    }
};

QTEST_GUILESS_MAIN(TestKeptSecrets)
#include "tst_kept_secrets.moc"
