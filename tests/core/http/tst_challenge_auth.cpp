// Goal: servers that challenge are answered, and a connection that carries an identity carries no
// other. Method: servers that speak just enough of each scheme and look at what comes.
#include "core/http/prepared_request.h"
#include "tests/support/fault_server.h"
#include "tests/support/live_transport.h"

#include <QCryptographicHash>
#include <QTest>

using namespace fleetglass;
using namespace fleetglass::http;
using namespace fleetglass::test;

namespace {

Request requestAs(const std::string& url, ChallengeScheme scheme, const std::string& user,
    const std::string& password)
{
    auto client = std::make_shared<ClientOptions>();
    client->challengeAuth = ChallengeAuth { scheme, user, { Secret(password), {} } };
    Request request;
    request.url = url;
    request.client = std::move(client);
    request.timeout = std::chrono::seconds(5);
    return request;
}

std::string part(const std::string& header, const std::string& name)
{
    const size_t start = header.find(name + "=\"");
    if (start == std::string::npos)
        return {};
    const size_t from = start + name.size() + 2;
    return header.substr(from, header.find('"', from) - from);
}

std::string md5(const std::string& text)
{
    return QCryptographicHash::hash(QByteArray::fromStdString(text), QCryptographicHash::Md5)
        .toHex()
        .toStdString();
}

// RFC 7616 3.4.1 with qop=auth.
bool isRightDigest(const std::string& header, const std::string& user, const std::string& password)
{
    const size_t nc = header.find("nc=");
    if (nc == std::string::npos)
        return false;
    const std::string a1 = md5(user + ":fleet:" + password);
    const std::string a2 = md5("GET:" + part(header, "uri"));
    const std::string expected = md5(
        a1 + ":n0nce:" + header.substr(nc + 3, 8) + ':' + part(header, "cnonce") + ":auth:" + a2);
    return header.starts_with("Digest ") && part(header, "username") == user
        && part(header, "response") == expected;
}

void digestServer(FaultConnection& c, const ReceivedRequest& request)
{
    c.keepAlive();
    if (isRightDigest(request.header("Authorization"), "anna", "pass word"))
        c.send(httpAnswer("up 1\n"));
    else
        c.send(httpAnswer("who are you", "text/plain", "401 Unauthorized",
            "WWW-Authenticate: Digest realm=\"fleet\", nonce=\"n0nce\", qop=\"auth\"\r\n"));
}

// The smallest challenge of NTLM: signature, type 2, no target, flags, eight bytes of nonce.
std::string ntlmChallenge()
{
    std::string message("NTLMSSP\0\x02\0\0\0", 12);
    message += std::string(8, '\0') + std::string("\x01\x02\0\0", 4) + "12345678";
    return encodeBase64(message);
}

// The user's name of a type 3 message, ASCII characters of its UTF-16.
std::string ntlmUser(const std::string& header)
{
    const std::string message
        = QByteArray::fromBase64(QByteArray::fromStdString(header.substr(5))).toStdString();
    std::string text;
    for (const char c : message) {
        if (c >= 'a' && c <= 'z')
            text += c;
    }
    return text;
}

class NtlmServer
{
public:
    NtlmServer()
        : m_server([this](FaultConnection& c, const ReceivedRequest& r) { answer(c, r); })
    {
    }
    const FaultServer& server() const { return m_server; }
    std::vector<std::string> users() const
    {
        const std::lock_guard lock(m_mutex);
        return m_users;
    }

private:
    void answer(FaultConnection& c, const ReceivedRequest& request)
    {
        c.keepAlive();
        const std::string header = request.header("Authorization");
        if (header.starts_with("NTLM TlRMTVNTUAAD")) {
            const std::lock_guard lock(m_mutex);
            m_users.push_back(ntlmUser(header));
            c.send(httpAnswer("up 1\n"));
            return;
        }
        const bool first = !header.starts_with("NTLM ");
        c.send(httpAnswer("", "text/plain", "401 Unauthorized",
            first ? "WWW-Authenticate: NTLM\r\n"
                  : "WWW-Authenticate: NTLM " + ntlmChallenge() + "\r\n"));
    }

    mutable std::mutex m_mutex;
    std::vector<std::string> m_users;
    FaultServer m_server;
};

} // namespace

class TestChallengeAuth : public QObject
{
    Q_OBJECT
private slots:
    void digestAnswersTheChallenge();
    void digestRefusedIsNotRepeated();
    void digestStaysAtItsOrigin();
    void digestSecretsAreNotShown();
    void ntlmKeepsIdentitiesOnTheirOwnConnections();
    void negotiateWithoutATicketSaysSo();
    void negotiateHangsUpNobodyElse();
    void userNamesHoldNoLineBreak();
};

void TestChallengeAuth::digestAnswersTheChallenge()
{
    FaultServer server(digestServer);
    LiveTransport live;
    const Exchange exchange
        = live.fetch(requestAs(server.url(), ChallengeScheme::Digest, "anna", "pass word"));
    QVERIFY2(!exchange.failure, exchange.failure ? exchange.failure->message.c_str() : "");
    QCOMPARE(exchange.status, 200);
    QCOMPARE(exchange.body, std::string("up 1\n"));
    QCOMPARE(exchange.bodyBytes, size_t(5));
    QCOMPARE(server.requests().size(), size_t(2));
}

void TestChallengeAuth::digestRefusedIsNotRepeated()
{
    FaultServer server(digestServer);
    LiveTransport live;
    const Exchange exchange
        = live.fetch(requestAs(server.url(), ChallengeScheme::Digest, "anna", "wrong"));
    QCOMPARE(failureUnlessOk(exchange)->message,
        std::string("401 Unauthorized: the server asks for Digest"));
    QVERIFY(server.requests().size() <= 2);
}

void TestChallengeAuth::digestStaysAtItsOrigin()
{
    FaultServer other(digestServer);
    const std::string to = other.url();
    FaultServer server([to](FaultConnection& c, const ReceivedRequest&) {
        c.send(httpAnswer("", "text/plain", "302 Found", "Location: " + to + "\r\n"));
    });
    LiveTransport live;
    const Exchange exchange
        = live.fetch(requestAs(server.url(), ChallengeScheme::Digest, "anna", "pass word"));
    QCOMPARE(exchange.status, 401);
    QCOMPARE(other.requests().size(), size_t(1));
    QCOMPARE(other.requests()[0].header("Authorization"), std::string());
}

void TestChallengeAuth::digestSecretsAreNotShown()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) {
        c.send(httpAnswer("you said canary-pass", "text/plain", "401 canary-pass",
            "WWW-Authenticate: Digest realm=\"canary-pass\", nonce=\"n\"\r\n"));
    });
    LiveTransport live;
    const Exchange exchange
        = live.fetch(requestAs(server.url(), ChallengeScheme::Digest, "anna", "canary-pass"));
    for (const std::string& line : exchange.transcript)
        QVERIFY2(line.find("canary") == std::string::npos, line.c_str());
    QVERIFY(exchange.masker->mask(exchange.body).find("canary") == std::string::npos);
}

void TestChallengeAuth::ntlmKeepsIdentitiesOnTheirOwnConnections()
{
    NtlmServer ntlm;
    LiveTransport live;
    for (const char* user : { "anna", "bert", "anna" }) {
        const Exchange exchange = live.fetch(
            requestAs(ntlm.server().url(), ChallengeScheme::Ntlm, user, "pw-" + std::string(user)));
        QVERIFY2(!exchange.failure, exchange.failure ? exchange.failure->message.c_str() : "");
        QCOMPARE(exchange.status, 200);
        QVERIFY(!exchange.connectionReused);
    }
    QCOMPARE(ntlm.server().connections(), 3);
    QCOMPARE(ntlm.users().size(), size_t(3));
    QVERIFY(ntlm.users()[0].find("anna") != std::string::npos);
    QVERIFY(ntlm.users()[1].find("bert") != std::string::npos);
    // Nor does a plain request get onto a connection that somebody logged in on.
    Request plain;
    plain.url = ntlm.server().url();
    QCOMPARE(live.fetch(plain).status, 401);
}

void TestChallengeAuth::negotiateWithoutATicketSaysSo()
{
    qputenv("KRB5CCNAME", "FILE:/nonexistent/fleetglass");
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) {
        c.send(httpAnswer("", "text/plain", "401 Unauthorized", "WWW-Authenticate: Negotiate\r\n"));
    });
    LiveTransport live;
    const Exchange exchange
        = live.fetch(requestAs(server.url(), ChallengeScheme::Negotiate, {}, {}));
    QCOMPARE(failureUnlessOk(exchange)->message,
        std::string("401 Unauthorized: the server asks for Negotiate"));
    QVERIFY(server.requests()[0].header("Authorization").empty());
    const auto& lines = exchange.transcript;
    QVERIFY(std::any_of(lines.begin(), lines.end(),
        [](const std::string& line) { return line.find("see kinit") != std::string::npos; }));
}

// Its requests run on a thread of their own, and end with the transport all the same.
void TestChallengeAuth::negotiateHangsUpNobodyElse()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) { c.hang(); });
    LiveTransport live;
    std::promise<FailureCode> first;
    const auto asked = requestAs(server.url(), ChallengeScheme::Negotiate, {}, {});
    const RequestId id = live.transport().start(
        asked, [&](const Exchange& e) { first.set_value(e.failure->code); });
    live.transport().cancel(id);
    QCOMPARE(first.get_future().get(), FailureCode::Cancelled);
    std::promise<FailureCode> second;
    live.transport().start(asked, [&](const Exchange& e) { second.set_value(e.failure->code); });
    live.stop();
    QCOMPARE(second.get_future().get(), FailureCode::Cancelled);
    QCOMPARE(live.fetch(asked).failure->code, FailureCode::Cancelled);
}

void TestChallengeAuth::userNamesHoldNoLineBreak()
{
    LiveTransport live;
    const Exchange exchange = live.fetch(
        requestAs("http://127.0.0.1:1/", ChallengeScheme::Digest, "a\r\nX-Injected: b", "p"));
    QCOMPARE(exchange.failure->message,
        std::string("the user name of http_auth holds a line break or a NUL"));
}

QTEST_GUILESS_MAIN(TestChallengeAuth)
#include "tst_challenge_auth.moc"
