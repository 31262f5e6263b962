// Goal: every role makes the targets and labels that Prometheus 3.14 makes. Method: one cluster,
// and for each role the expected targets as a text that was checked by hand against upstream's
// sources and documentation.
#include "core/discovery/kubernetes_groups.h"

#include <QDir>
#include <QFile>
#include <QTest>
#include <nlohmann/json.hpp>

using namespace fleetglass::discovery;
using namespace fleetglass::discovery::kubernetes;

namespace {

std::string readData(const std::string& name)
{
    const QByteArray folder = qgetenv("FLEETGLASS_SOURCE_DIR") + "/tests/data/kubernetes/";
    QFile file(QString::fromStdString(folder.toStdString() + name));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

Cluster clusterOf(const std::string& json)
{
    Cluster cluster;
    const auto parsed = nlohmann::json::parse(json);
    for (int i = 0; i <= static_cast<int>(Kind::Job); ++i) {
        const auto kind = static_cast<Kind>(i);
        const std::string plural(namesOf(kind).plural);
        if (!parsed.contains(plural))
            continue;
        const auto page = readList(kind, nlohmann::json { { "items", parsed.at(plural) } }.dump());
        for (const ObjectPtr& object : page.value().objects)
            cluster.put(kind, object);
    }
    return cluster;
}

// "ADDRESS (SOURCE)" and a line for each label, those of Kubernetes without their common prefix.
std::string textOf(const std::vector<TargetGroup>& groups)
{
    std::string text;
    for (const TargetGroup& group : groups) {
        for (const std::string& target : group.targets)
            text += target + " (" + group.source + ")\n";
        for (const auto& [name, value] : group.labels) {
            const bool isMeta = name.starts_with(kMetaPrefix);
            text += "  " + (isMeta ? name.substr(kMetaPrefix.size()) : '!' + name) + " = " + value
                + '\n';
        }
    }
    return text;
}

constexpr KubernetesAttach kAll { true, true, true, true, true };

} // namespace

class TestKubernetesGroups : public QObject
{
    Q_OBJECT
private slots:
    void rolesMakeTheLabelsOfPrometheus_data();
    void rolesMakeTheLabelsOfPrometheus();
    void nothingIsAttachedUnasked();
    void rolesWatchWhatTheyNeed();
    void brokenAnswersAreErrors_data();
    void brokenAnswersAreErrors();
    void fieldsOfOtherTypesCountAsAbsent();
};

void TestKubernetesGroups::rolesMakeTheLabelsOfPrometheus_data()
{
    QTest::addColumn<int>("role");
    for (int i = 0; i < 6; ++i)
        QTest::newRow(std::string(toWord(static_cast<KubernetesRole>(i))).c_str()) << i;
}

void TestKubernetesGroups::rolesMakeTheLabelsOfPrometheus()
{
    QFETCH(int, role);
    const auto known = static_cast<KubernetesRole>(role);
    const Cluster cluster = clusterOf(readData("cluster.json"));
    const std::string actual = textOf(groupsOf(cluster, known, kAll));
    const std::string name = std::string(toWord(known)) + ".golden";
    if (actual == readData(name))
        return;
    // For the eyes, and to take over once they have agreed.
    QFile file(QDir::tempPath() + QLatin1Char('/') + QString::fromStdString(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(actual));
    QFAIL(("differs from what is now in " + file.fileName().toStdString()).c_str());
}

void TestKubernetesGroups::nothingIsAttachedUnasked()
{
    const Cluster cluster = clusterOf(readData("cluster.json"));
    const std::string text = textOf(groupsOf(cluster, KubernetesRole::Pod, {}));
    for (const char* word : { "  node_name", "namespace_label_", "deployment_name", "job_name" })
        QVERIFY2(text.find(word) == std::string::npos, word);
    // Without node labels the pod of a node that was not selected stays.
    QVERIFY(text.find("10.1.0.6:2") != std::string::npos);
}

void TestKubernetesGroups::rolesWatchWhatTheyNeed()
{
    const std::vector<Kind> slices { Kind::EndpointSlice, Kind::Service, Kind::Pod };
    QVERIFY(kindsOf(KubernetesRole::EndpointSlice, {}) == slices);
    const std::vector<Kind> pods { Kind::Pod, Kind::Namespace, Kind::Node, Kind::ReplicaSet,
        Kind::Job };
    QVERIFY(kindsOf(KubernetesRole::Pod, kAll) == pods);
    QVERIFY(kindsOf(KubernetesRole::Node, kAll) == std::vector<Kind> { Kind::Node });
}

void TestKubernetesGroups::brokenAnswersAreErrors_data()
{
    QTest::addColumn<std::string>("json");
    QTest::addColumn<std::string>("message");
    const auto row = [](const char* name, const std::string& json, const std::string& message) {
        QTest::newRow(name) << json << message;
    };
    row("page", "<html>in</html>",
        "the API server's answer is not a JSON object: \"<html>in</html>\"");
    row("array", "[]", "the API server's answer is not a JSON object: \"[]\"");
    row("no items", "{\"items\": 3}", "the API server's answer has no list of items");
    row("deep", "{\"a\":" + std::string(70, '['),
        "the API server's answer is nested deeper than 64 levels");
    row("status", "{\"kind\":\"Status\",\"message\":\"no\"}", "no");
}

void TestKubernetesGroups::brokenAnswersAreErrors()
{
    QFETCH(std::string, json);
    QFETCH(std::string, message);
    const auto page = readList(Kind::Pod, json);
    QVERIFY(!page);
    QCOMPARE(page.error().message, message);
}

void TestKubernetesGroups::fieldsOfOtherTypesCountAsAbsent()
{
    const auto page = readList(Kind::Pod,
        R"({"items": [7, null, {"metadata": 4}, {"metadata": {"name": "p", "labels": [1]},
            "spec": {"containers": {"a": 1}}, "status": {"podIP": 9, "conditions": "x"}}]})");
    QVERIFY(page);
    QCOMPARE(page->objects.size(), size_t(2));
    QCOMPARE(metaOf(*page->objects.back()).name, std::string("p"));
}

QTEST_GUILESS_MAIN(TestKubernetesGroups)
#include "tst_kubernetes_groups.moc"
