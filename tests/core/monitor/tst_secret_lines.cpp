#include "core/monitor/secret_lines.h"

#include <QTest>

using namespace fleetglass::monitor;

class TestSecretLines : public QObject
{
    Q_OBJECT

private slots:
    void referencesComeBackAsTheSecretsTheyStoodFor();
    void aBrokenReferenceIsLeftAlone();
    void aSecretThatLooksLikeAReferenceIsNotReadAgain();
};

void TestSecretLines::referencesComeBackAsTheSecretsTheyStoodFor()
{
    const std::string text = "password: \"<keyring:job/a/x>\"\ntoken: \"<keyring:job/b/y>\"\n";
    QCOMPARE(referencesOf(text), std::string("<keyring:job/a/x>\n<keyring:job/b/y>\n"));
    QCOMPARE(withSecrets(text, "one\ntwo\n"), std::string("password: \"one\"\ntoken: \"two\"\n"));
}

void TestSecretLines::aBrokenReferenceIsLeftAlone()
{
    const std::string text = "password: <keyring:job/a\nnext: 1\n";
    QVERIFY(referencesOf(text).empty());
    QCOMPARE(withSecrets(text, "one\n"), text);
}

void TestSecretLines::aSecretThatLooksLikeAReferenceIsNotReadAgain()
{
    QCOMPARE(withSecrets("a: <keyring:x>\nb: <keyring:y>\n", "<keyring:x>\ntwo\n"),
        std::string("a: <keyring:x>\nb: two\n"));
}

QTEST_GUILESS_MAIN(TestSecretLines)
#include "tst_secret_lines.moc"
