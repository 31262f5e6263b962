#include "core/snapshot/capsule_format.h"
#include "core/snapshot/capsule_reader.h"
#include "core/snapshot/capsule_writer.h"
#include "core/snapshot/checksum.h"
#include "core/tsdb/ring_store.h"
#include "tests/fuzz/subject.h"

#include <fstream>
#include <iostream>
#include <iterator>

namespace fleetglass::fuzz {

namespace {

constexpr int64_t kSamplesMax = 100'000;

const SystemClock kClock;

std::string readBytes(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return { std::istreambuf_iterator<char>(file), {} };
}

void writeBytes(const std::string& path, const std::string& bytes)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::unique_ptr<tsdb::RingStore> someStore()
{
    tsdb::RingStoreOptions options;
    options.retention = {};
    auto store = std::make_unique<tsdb::RingStore>(options, kClock);
    const auto up = store->seriesFor({ { "__name__", "up" }, { "job", "node" } });
    const auto load = store->seriesFor({ { "__name__", "load1" }, { "job", "node" } });
    if (!up || !load)
        return store;
    for (int64_t i = 0; i < 600; ++i) {
        const std::vector<storage::RowValue> values { { *up, 1 },
            { *load, static_cast<double>(i % 17) / 10 } };
        (void)store->append({ 1'700'000'000'000 + i * 15'000, values, {}, {} });
    }
    return store;
}

// A capsule as the window writes it; empty where it could not be written.
std::string someCapsule(const std::string& folder)
{
    snapshot::CapsuleContent content;
    content.title = "fuzz";
    content.program = "Fleetglass";
    content.range = { 0, INT64_MAX };
    content.ruleFiles = { { "rules.yml", "groups: []\n" } };
    content.viewState = "{\"page\":\"explore\"}";
    content.thumbnails = { { "overview", "not a picture" } };
    const auto store = someStore();
    const std::string path = folder + "/seed.fgsnap";
    const snapshot::Redactor redactor;
    const auto written = snapshot::writeCapsule(path, content, { *store }, redactor);
    if (!written)
        std::cerr << "the capsule to begin from: " << written.error().message << '\n';
    return written ? readBytes(path) : std::string();
}

// A seal that fits lets a change through to what lies behind the first check.
void sealAnew(std::string& bytes)
{
    if (bytes.size() < snapshot::kSealBytes)
        return;
    const size_t seal = bytes.size() - snapshot::kSealBytes;
    bytes.replace(seal, snapshot::kSealWord.size(), snapshot::kSealWord);
    const uint32_t sum = snapshot::crc32c(
        { reinterpret_cast<const uint8_t*>(bytes.data()), seal + snapshot::kSealWord.size() });
    for (size_t i = 0; i < 8; ++i)
        bytes[seal + snapshot::kSealWord.size() + i]
            = i < 4 ? static_cast<char>((sum >> (8 * i)) & 0xFF) : '\0';
}

// Bytes within the pages, so that the size stays that of whole pages.
void scratch(std::string& bytes, Mutator& random)
{
    for (size_t changes = 1 + random.below(12); changes > 0 && !bytes.empty(); --changes)
        bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    sealAnew(bytes);
}

Complaint check(
    const std::string& folder, const std::string& seed, std::string input, Mutator& random)
{
    // The rude changes seldom come past the seal; most runs scratch a good capsule instead.
    if (random.below(4) != 0) {
        input = seed;
        scratch(input, random);
    } else if (random.below(2) == 0) {
        sealAnew(input);
    }
    const std::string path = folder + "/mutated.fgsnap";
    writeBytes(path, input);
    snapshot::CapsuleLimits limits;
    limits.bytesMax = 16 << 20;
    limits.samplesMax = kSamplesMax;
    limits.seriesMax = 1000;
    (void)snapshot::isCapsule(path);
    const auto capsule = snapshot::readCapsule(path, limits);
    if (!capsule)
        return capsule.error().message.rfind(path, 0) == 0
            ? Complaint()
            : Complaint("the message does not begin with the path: " + capsule.error().message);
    if (!capsule->store)
        return "was read, but has no samples to ask";
    const auto stats = capsule->store->stats();
    if (stats.samples > static_cast<size_t>(kSamplesMax))
        return "holds more samples than the limit";
    const auto slices = capsule->store->select({}, { INT64_MIN, INT64_MAX }, {});
    return slices ? Complaint() : Complaint("cannot be asked: " + slices.error().message);
}

} // namespace

Subject capsuleSubject(const std::string& folder)
{
    const std::string seed = someCapsule(folder);
    return { "capsule", { seed },
        { "CREATE TABLE ", "SQLite format 3", "FGSEAL01", "FGSP", "{\"a\":[" },
        [folder, seed](const std::string& input, Mutator& random) -> Complaint {
            if (seed.empty())
                return "there is no capsule to begin from";
            return check(folder, seed, input, random);
        } };
}

} // namespace fleetglass::fuzz
