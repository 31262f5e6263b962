// Goal: a token is fetched once, used until it expires or is refused, and what the token server
// says is passed on. Method: a token server and a target of our own; assertions are verified with
// the public key.
#include "core/http/jwt.h"
#include "tests/support/fault_server.h"
#include "tests/support/live_transport.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QUrlQuery>
#include <atomic>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

using namespace fleetglass;
using namespace fleetglass::http;
using namespace fleetglass::test;

namespace {

constexpr const char* kJwtGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

// Gives out token-1, token-2 ...
class TokenServer
{
public:
    explicit TokenServer(int lifeSeconds = 3600)
        : m_life(lifeSeconds)
        , m_server([this](FaultConnection& c, const ReceivedRequest&) { answer(c); })
    {
    }
    std::string url() const { return m_server.url("/token"); }
    std::vector<ReceivedRequest> requests() const { return m_server.requests(); }

private:
    void answer(FaultConnection& c)
    {
        c.send(httpAnswer("{\"access_token\": \"token-" + std::to_string(++m_count)
                + "\", \"token_type\": \"bearer\", \"expires_in\": " + std::to_string(m_life) + "}",
            "application/json"));
    }

    const int m_life;
    std::atomic<int> m_count { 0 };
    FaultServer m_server;
};

OAuth2 credentialsAt(const std::string& tokenUrl)
{
    OAuth2 oauth2;
    oauth2.clientId = "me & you";
    oauth2.clientSecret = { Secret("s3cret/canary"), {} };
    oauth2.tokenUrl = tokenUrl;
    oauth2.scopes = { "read", "list" };
    oauth2.endpointParams = { { "resource", "x" } };
    return oauth2;
}

Request requestWith(const std::string& url, const OAuth2& oauth2)
{
    auto client = std::make_shared<ClientOptions>();
    client->oauth2 = oauth2;
    Request request;
    request.url = url;
    request.client = std::move(client);
    request.timeout = std::chrono::seconds(5);
    return request;
}

QUrlQuery formOf(const ReceivedRequest& request)
{
    return QUrlQuery(
        QString::fromStdString(request.body).replace(QLatin1Char('+'), QLatin1Char(' ')));
}

QString field(const ReceivedRequest& request, const char* name)
{
    return formOf(request).queryItemValue(QString::fromLatin1(name), QUrl::FullyDecoded);
}

void answerPage(FaultConnection& c, const ReceivedRequest&)
{
    c.send(httpAnswer("up 1\n"));
}

// An RSA key made on the spot: its PEM, and a check of what it signed.
class RsaKey
{
public:
    RsaKey()
        : m_key(EVP_RSA_gen(2048))
    {
        BIO* bio = BIO_new(BIO_s_mem());
        PEM_write_bio_PrivateKey(bio, m_key, nullptr, nullptr, 0, nullptr, nullptr);
        char* data = nullptr;
        const long size = BIO_get_mem_data(bio, &data);
        m_pem.assign(data, static_cast<size_t>(size));
        BIO_free_all(bio);
    }
    ~RsaKey() { EVP_PKEY_free(m_key); }
    RsaKey(const RsaKey&) = delete;
    RsaKey& operator=(const RsaKey&) = delete;

    const std::string& pem() const { return m_pem; }
    bool verifies(const QByteArray& text, const QByteArray& signature, const EVP_MD* digest) const
    {
        EVP_MD_CTX* context = EVP_MD_CTX_new();
        EVP_DigestVerifyInit(context, nullptr, digest, nullptr, m_key);
        const int ok = EVP_DigestVerify(context,
            reinterpret_cast<const unsigned char*>(signature.data()),
            static_cast<size_t>(signature.size()),
            reinterpret_cast<const unsigned char*>(text.data()), static_cast<size_t>(text.size()));
        EVP_MD_CTX_free(context);
        return ok == 1;
    }

private:
    EVP_PKEY* m_key;
    std::string m_pem;
};

QByteArray decoded(const QByteArray& part)
{
    return QByteArray::fromBase64(part, QByteArray::Base64UrlEncoding);
}

OAuth2 assertionAt(const std::string& tokenUrl, const RsaKey& key)
{
    OAuth2 oauth2;
    oauth2.grantType = kJwtGrant;
    oauth2.clientId = "robot";
    oauth2.clientCertificateKey = { Secret(key.pem()), {} };
    oauth2.tokenUrl = tokenUrl;
    return oauth2;
}

} // namespace

class TestOAuth : public QObject
{
    Q_OBJECT
private slots:
    void clientCredentialsAreSentOnceAndTheTokenIsKept();
    void anExpiredTokenIsFetchedAnew();
    void aRefusedTokenIsRenewedOnce();
    void aNewTokenThatIsRefusedStaysRefused();
    void anotherSecretGetsAnotherToken();
    void manyTargetsShareOneFetch();
    void aServerThatWantsTheSecretInTheFormGetsIt();
    void whatTheTokenServerSaysIsPassedOn();
    void aTokenServerBehindAProxyIsReached();
    void assertionsAreSigned_data();
    void assertionsAreSigned();
    void anAssertionCarriesItsClaims();
    void assertionsReplaceTheSecret();
    void badKeysAreErrors_data();
    void badKeysAreErrors();
};

void TestOAuth::clientCredentialsAreSentOnceAndTheTokenIsKept()
{
    TokenServer tokens;
    FaultServer target(answerPage);
    LiveTransport live;
    const Request request = requestWith(target.url(), credentialsAt(tokens.url()));
    QCOMPARE(live.fetch(request).status, 200);
    QCOMPARE(live.fetch(request).status, 200);
    QCOMPARE(tokens.requests().size(), size_t(1));
    const ReceivedRequest asked = tokens.requests()[0];
    QCOMPARE(field(asked, "grant_type"), QStringLiteral("client_credentials"));
    QCOMPARE(field(asked, "scope"), QStringLiteral("read list"));
    QCOMPARE(field(asked, "resource"), QStringLiteral("x"));
    // RFC 6749 2.3.1: both are form-encoded before they become basic credentials.
    QCOMPARE(asked.header("Authorization"),
        "Basic " + QByteArray("me+%26+you:s3cret%2Fcanary").toBase64().toStdString());
    for (const ReceivedRequest& page : target.requests())
        QCOMPARE(page.header("Authorization"), std::string("Bearer token-1"));
}

void TestOAuth::anExpiredTokenIsFetchedAnew()
{
    TokenServer tokens(0);
    FaultServer target(answerPage);
    LiveTransport live;
    const Request request = requestWith(target.url(), credentialsAt(tokens.url()));
    live.fetch(request);
    live.fetch(request);
    QCOMPARE(tokens.requests().size(), size_t(2));
    QCOMPARE(target.requests()[1].header("Authorization"), std::string("Bearer token-2"));
}

void TestOAuth::aRefusedTokenIsRenewedOnce()
{
    TokenServer tokens;
    std::atomic<bool> withdrawn { false };
    FaultServer target([&](FaultConnection& c, const ReceivedRequest& request) {
        const bool old = request.header("Authorization") == "Bearer token-1";
        c.send(old && withdrawn ? httpAnswer("", "", "401 Unauthorized") : httpAnswer("up 1\n"));
    });
    LiveTransport live;
    const Request request = requestWith(target.url(), credentialsAt(tokens.url()));
    QCOMPARE(live.fetch(request).status, 200);
    withdrawn = true;
    QCOMPARE(live.fetch(request).status, 200);
    QCOMPARE(tokens.requests().size(), size_t(2));
    QCOMPARE(target.requests().size(), size_t(3));
}

void TestOAuth::aNewTokenThatIsRefusedStaysRefused()
{
    TokenServer tokens;
    FaultServer target([](FaultConnection& c, const ReceivedRequest&) {
        c.send(httpAnswer("", "", "401 Unauthorized"));
    });
    LiveTransport live;
    const Request request = requestWith(target.url(), credentialsAt(tokens.url()));
    QCOMPARE(live.fetch(request).status, 401);
    QCOMPARE(target.requests().size(), size_t(1)); // The token was new: another is no better.
    QCOMPARE(live.fetch(request).status, 401);
    QCOMPARE(target.requests().size(), size_t(3)); // The kept one, then a new one, then no more.
    QCOMPARE(tokens.requests().size(), size_t(2));
}

void TestOAuth::anotherSecretGetsAnotherToken()
{
    TokenServer tokens;
    FaultServer target(answerPage);
    LiveTransport live;
    OAuth2 oauth2 = credentialsAt(tokens.url());
    live.fetch(requestWith(target.url(), oauth2));
    oauth2.clientSecret = { Secret("rotated"), {} };
    live.fetch(requestWith(target.url(), oauth2));
    QCOMPARE(tokens.requests().size(), size_t(2));
}

void TestOAuth::manyTargetsShareOneFetch()
{
    std::promise<void> all;
    const std::shared_future<void> allAsked = all.get_future().share();
    FaultServer tokens([allAsked](FaultConnection& c, const ReceivedRequest&) {
        allAsked.wait();
        c.send(httpAnswer("{\"access_token\": \"t\", \"expires_in\": 60}", "application/json"));
    });
    FaultServer target(answerPage);
    LiveTransport live;
    constexpr int kTargets = 20;
    std::vector<std::promise<int>> answers(kTargets);
    for (auto& answer : answers)
        live.transport().start(requestWith(target.url(), credentialsAt(tokens.url("/t"))),
            [&answer](const Exchange& exchange) { answer.set_value(exchange.status); });
    all.set_value();
    for (auto& answer : answers)
        QCOMPARE(answer.get_future().get(), 200);
    QCOMPARE(tokens.requests().size(), size_t(1));
}

void TestOAuth::aServerThatWantsTheSecretInTheFormGetsIt()
{
    FaultServer tokens([](FaultConnection& c, const ReceivedRequest& request) {
        const bool inForm = request.body.find("client_secret=s3cret%2Fcanary") != std::string::npos
            && request.body.find("client_id=me+%26+you") != std::string::npos;
        c.send(inForm ? httpAnswer("{\"access_token\": \"t\"}", "application/json")
                      : httpAnswer("{\"error\": \"invalid_client\"}", "application/json",
                          "401 Unauthorized"));
    });
    FaultServer target(answerPage);
    LiveTransport live;
    QCOMPARE(live.fetch(requestWith(target.url(), credentialsAt(tokens.url("/t")))).status, 200);
}

void TestOAuth::whatTheTokenServerSaysIsPassedOn()
{
    FaultServer tokens([](FaultConnection& c, const ReceivedRequest&) {
        c.send(httpAnswer("{\"error\": \"invalid_scope\", \"error_description\": \"no read\"}",
            "application/json", "400 Bad Request"));
    });
    LiveTransport live;
    const Exchange exchange
        = live.fetch(requestWith("http://127.0.0.1:1/", credentialsAt(tokens.url("/t"))));
    QCOMPARE(exchange.failure->message,
        "no OAuth 2 token from " + tokens.url("/t")
            + ": server returned HTTP status 400 Bad Request (invalid_scope: no read)");
    QCOMPARE(exchange.failure->code, FailureCode::Credentials);
}

void TestOAuth::aTokenServerBehindAProxyIsReached()
{
    FaultServer proxy([](FaultConnection& c, const ReceivedRequest& request) {
        c.send(httpAnswer("{\"access_token\": \"via " + request.path + "\"}", "application/json"));
    });
    FaultServer target(answerPage);
    OAuth2 oauth2 = credentialsAt("http://login.example/t");
    oauth2.proxy.url = Secret("http://" + proxy.address());
    LiveTransport live;
    QCOMPARE(live.fetch(requestWith(target.url(), oauth2)).status, 200);
    QCOMPARE(target.requests()[0].header("Authorization"),
        std::string("Bearer via http://login.example/t"));
}

void TestOAuth::assertionsAreSigned_data()
{
    QTest::addColumn<QString>("algorithm");
    QTest::newRow("RS256") << QStringLiteral("RS256");
    QTest::newRow("RS384") << QStringLiteral("RS384");
    QTest::newRow("RS512") << QStringLiteral("RS512");
}

void TestOAuth::assertionsAreSigned()
{
    QFETCH(QString, algorithm);
    const RsaKey key;
    OAuth2 oauth2 = assertionAt("https://login/t", key);
    oauth2.signatureAlgorithm = algorithm.toStdString();
    oauth2.clientCertificateKeyId = "key 7";
    const auto assertion = makeAssertion(oauth2, Secret(key.pem()), { 1'700'000'000'000, "id" });
    QVERIFY(assertion.has_value());
    const QByteArray text = QByteArray::fromStdString(*assertion);
    QVERIFY(!text.contains('=') && !text.contains('+') && !text.contains('/'));
    const QList<QByteArray> parts = text.split('.');
    QCOMPARE(parts.size(), 3);
    const QJsonObject header = QJsonDocument::fromJson(decoded(parts[0])).object();
    QCOMPARE(header[QStringLiteral("alg")].toString(), algorithm);
    QCOMPARE(header[QStringLiteral("typ")].toString(), QStringLiteral("JWT"));
    QCOMPARE(header[QStringLiteral("kid")].toString(), QStringLiteral("key 7"));
    const EVP_MD* digest = EVP_get_digestbyname(
        algorithm.replace(QLatin1String("RS"), QLatin1String("SHA")).toLatin1().constData());
    QVERIFY(key.verifies(parts[0] + '.' + parts[1], decoded(parts[2]), digest));
}

void TestOAuth::anAssertionCarriesItsClaims()
{
    const RsaKey key;
    OAuth2 oauth2 = assertionAt("https://login/t", key);
    oauth2.scopes = { "a", "b" };
    oauth2.claims = { { "tenant", "\"blue\"" }, { "level", "3" }, { "roles", "[\"x\",\"y\"]" } };
    const auto claimsOf = [&](const OAuth2& options) {
        const auto text = makeAssertion(options, Secret(key.pem()), { 1'700'000'000'500, "id-1" });
        const QList<QByteArray> parts = QByteArray::fromStdString(*text).split('.');
        return QJsonDocument::fromJson(decoded(parts[1])).toJson(QJsonDocument::Compact);
    };
    QCOMPARE(claimsOf(oauth2),
        QByteArray("{\"aud\":\"https://login/t\",\"exp\":1700000600,\"iat\":1700000000,\"iss\":"
                   "\"robot\",\"jti\":\"id-1\",\"level\":3,\"roles\":[\"x\",\"y\"],\"scope\":\"a "
                   "b\",\"sub\":\"robot\",\"tenant\":\"blue\"}"));
    oauth2.issuer = "me";
    oauth2.audience = "you";
    QVERIFY(claimsOf(oauth2).contains("\"aud\":\"you\""));
    QVERIFY(claimsOf(oauth2).contains("\"iss\":\"me\""));
}

void TestOAuth::assertionsReplaceTheSecret()
{
    const RsaKey key;
    TokenServer tokens;
    FaultServer target(answerPage);
    LiveTransport live;
    OAuth2 oauth2 = assertionAt(tokens.url(), key);
    oauth2.endpointParams = { { "resource", "x" } };
    const Exchange exchange = live.fetch(requestWith(target.url(), oauth2));
    QVERIFY2(!exchange.failure, exchange.failure ? exchange.failure->message.c_str() : "");
    QCOMPARE(exchange.status, 200);
    const ReceivedRequest asked = tokens.requests()[0];
    QCOMPARE(asked.header("Authorization"), std::string());
    QCOMPARE(field(asked, "grant_type"), QString::fromLatin1(kJwtGrant));
    QCOMPARE(field(asked, "resource"), QStringLiteral("x"));
    QCOMPARE(field(asked, "assertion").split(QLatin1Char('.')).size(), 3);
}

void TestOAuth::badKeysAreErrors_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("message");
    QTest::newRow("no key") << QStringLiteral("hunter2-canary")
                            << QStringLiteral(
                                   "oauth2 client_certificate_key holds no private key without "
                                   "passphrase: PEM text (-----BEGIN PRIVATE KEY-----) is needed");
    QTest::newRow("not RSA") << QString::fromStdString(TestAuthority::selfSigned({}).keyPem)
                             << QStringLiteral("oauth2 client_certificate_key is no RSA key, which "
                                               "RS256, RS384 and RS512 sign with");
}

void TestOAuth::badKeysAreErrors()
{
    QFETCH(QString, key);
    const RsaKey unused;
    OAuth2 oauth2 = assertionAt("http://127.0.0.1:1/t", unused);
    oauth2.clientCertificateKey = { Secret(key.toStdString()), {} };
    LiveTransport live;
    const Exchange exchange = live.fetch(requestWith("http://127.0.0.1:1/", oauth2));
    QTEST(QString::fromStdString(exchange.failure->message), "message");
}

QTEST_GUILESS_MAIN(TestOAuth)
#include "tst_oauth.moc"
