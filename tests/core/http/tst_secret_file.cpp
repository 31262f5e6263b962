// Goal: a secret file is read anew each time, and nothing but a small regular file is read.
// Method: files made on the spot.
#include "core/http/secret_file.h"

#include "tests/support/fault_server.h"
#include "tests/support/live_transport.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>

using namespace fleetglass;
using namespace fleetglass::http;
using namespace fleetglass::test;

namespace {

void write(const std::string& path, const QByteArray& text)
{
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

std::string errorOf(const std::string& path)
{
    const auto secret = readSecret({ {}, path }, "password_file");
    return secret ? "" : secret.error().message;
}

Request requestWith(const std::string& url, const std::string& passwordFile)
{
    auto client = std::make_shared<ClientOptions>();
    client->basicAuth = BasicAuth { "anna", {}, { {}, passwordFile } };
    Request request;
    request.url = url;
    request.client = std::move(client);
    request.timeout = std::chrono::seconds(5);
    return request;
}

} // namespace

class TestSecretFile : public QObject
{
    Q_OBJECT
private slots:
    void init() { m_path = m_folder.path().toStdString() + "/password"; }

    void c20WhiteSpaceAroundIsNotPartOfIt()
    {
        write(m_path, "  p a s s \r\n\n");
        QCOMPARE(readSecret({ {}, m_path }, "password_file")->reveal(), std::string("p a s s"));
    }

    void c20TheFileIsReadForEachRequest()
    {
        FaultServer server(
            [](FaultConnection& c, const ReceivedRequest&) { c.send(httpAnswer("up 1\n")); });
        LiveTransport live;
        write(m_path, "one\n");
        live.fetch(requestWith(server.url(), m_path));
        write(m_path, "two\n");
        live.fetch(requestWith(server.url(), m_path));
        QCOMPARE(server.requests()[0].header("Authorization"), std::string("Basic YW5uYTpvbmU="));
        QCOMPARE(server.requests()[1].header("Authorization"), std::string("Basic YW5uYTp0d28="));
    }

    void c20WhatIsNoSmallFileIsRefused_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("why");
        QTest::newRow("C20 missing")
            << QStringLiteral("none") << QStringLiteral("No such file or directory");
        QTest::newRow("C20 10 MB") << QStringLiteral("large") << QStringLiteral("more than 64 KiB");
        QTest::newRow("C20 FIFO") << QStringLiteral("fifo") << QStringLiteral("not a regular file");
        QTest::newRow("C20 folder")
            << QStringLiteral("folder") << QStringLiteral("not a regular file");
    }

    void c20WhatIsNoSmallFileIsRefused()
    {
        QFETCH(QString, kind);
        QFETCH(QString, why);
        const std::string path = m_folder.path().toStdString() + "/" + kind.toStdString();
        if (kind == QLatin1String("large"))
            write(path, QByteArray(10 << 20, 'x'));
        else if (kind == QLatin1String("fifo"))
            QCOMPARE(mkfifo(path.c_str(), 0600), 0);
        else if (kind == QLatin1String("folder"))
            QCOMPARE(mkdir(path.c_str(), 0700), 0);
        QCOMPARE(QString::fromStdString(errorOf(path)),
            QStringLiteral("cannot read password_file %1: %2")
                .arg(QString::fromStdString(path), why));
    }

    void c14SecretsWithALineBreakInsideAreNoHeader()
    {
        write(m_path, "one\r\nX-Injected: yes");
        auto client = std::make_shared<ClientOptions>();
        client->authorization = Authorization { "Bearer", { {}, m_path } };
        Request request;
        request.url = "http://127.0.0.1:1/";
        request.client = std::move(client);
        LiveTransport live;
        const Exchange exchange = live.fetch(request);
        QCOMPARE(exchange.failure->message,
            std::string("the value of the header Authorization holds a line break or a NUL: it "
                        "must be one line"));
        QCOMPARE(exchange.failure->code, FailureCode::Credentials);
    }

private:
    QTemporaryDir m_folder;
    std::string m_path;
};

QTEST_GUILESS_MAIN(TestSecretFile)
#include "tst_secret_file.moc"
