// knock_bench: knocks from phones into the data, durably, end to end over gRPC (P7 and P10 of the goals).
//   knock_bench [--seconds=N] [--rounds=N] [--clients=N] [--batch=N] [--tiny]      the rate beside the raw one
//   knock_bench --morning [--phones=N] [--within=SECONDS]                          many phones with full outboxes at
//   once
// The database waits for the disk. Raw and ours take turns; the ratio is of the medians of the rounds. While ours runs,
// one more phone downloads a list every 20 ms. Server and clients share one process and its processors.
#include <grpcpp/channel.h>
#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/retry_delay.h"
#include "base/status.h"
#include "bench/geo/meter.h"
#include "bench/services/knock_world.h"
#include "bench/services/raw_knocks.h"
#include "services/rpc/grpc_status.h"

namespace snowfield::bench {
namespace {
namespace pb = canvass::v1;

constexpr int kListsPerClient = 8;

struct Order {
  absl::Duration time = absl::Seconds(10);
  int rounds = 3;
  int clients = 8;
  int batch = 100;
  bool morning = false;
  int phones = 2'000;
  absl::Duration within = absl::Seconds(60);
};

double Quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<size_t>(q * static_cast<double>(values.size())))];
}

std::string Quantiles(const std::vector<double>& ms) {
  return absl::StrFormat("p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, most %.1f ms", Quantile(ms, 0.5), Quantile(ms, 0.9),
                         Quantile(ms, 0.99), Quantile(ms, 1));
}

// A batch of client `c`: doors of its phone's lists, one after the other, so that a door is met again late.
class BatchMaker {
 public:
  BatchMaker(const KnockWorld& world, int client) : world_(world), client_(client), random_(client + 1) {}

  std::vector<KnockOf> Next(int knocks) {
    std::vector<KnockOf> batch;
    for (int i = 0; i < knocks; ++i, ++place_) {
      const int l = client_ * kListsPerClient + place_ / kDoorsPerList % kListsPerClient;
      const GroundList& list = world_.lists()[l];
      batch.push_back({.list = &list,
                       .phone = &world_.phones()[client_ * kListsPerClient],
                       .knock = MakeKnock(list, place_ % kDoorsPerList, random_)});
      batch.back().knock.set_running_number(place_ + 1);
    }
    return batch;
  }

 private:
  const KnockWorld& world_;
  const int client_;
  std::mt19937_64 random_;
  int place_ = 0;
};

struct Measured {
  double knocks_per_s = 0;
  std::vector<double> batch_ms;
};

// `clients` threads store batches until the time is over, each its own way.
Measured Measure(const Order& order, const std::function<std::function<void(std::vector<KnockOf>)>(int)>& client,
                 std::vector<BatchMaker>& makers) {
  Measured measured;
  absl::Mutex mutex;
  std::atomic<int64_t> knocks = 0;
  const absl::Time begin = absl::Now();
  std::vector<std::thread> threads;
  for (int c = 0; c < order.clients; ++c) {
    threads.emplace_back([&, c] {
      const auto store = client(c);
      std::vector<double> ms;
      do {
        std::vector<KnockOf> batch = makers[c].Next(order.batch);
        const absl::Time before = absl::Now();
        store(std::move(batch));
        ms.push_back(absl::ToDoubleMilliseconds(absl::Now() - before));
        knocks += order.batch;
      } while (absl::Now() - begin < order.time);
      absl::MutexLock lock(&mutex);
      measured.batch_ms.insert(measured.batch_ms.end(), ms.begin(), ms.end());
    });
  }
  for (std::thread& thread : threads) thread.join();
  measured.knocks_per_s = static_cast<double>(knocks) / absl::ToDoubleSeconds(absl::Now() - begin);
  return measured;
}

size_t GzipBytes(const std::string& plain) {
  z_stream stream{};
  // As gRPC compresses: the default level, gzip's header.
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 | 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  std::string out(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  const size_t bytes = stream.total_out;
  deflateEnd(&stream);
  return bytes;
}

pb::DownloadWalkListResponse Download(pb::CanvassService::Stub& stub, const GroundPhone& phone,
                                      const std::string& list) {
  pb::DownloadWalkListRequest request;
  request.set_list_number(list);
  pb::DownloadWalkListResponse response;
  Require(stub.DownloadWalkList(KnockWorld::As(phone).get(), request, &response));
  return response;
}

class Bench {
 public:
  explicit Bench(const Order& order)
      : order_(order), world_(std::max(order.clients + 1, 2) * kListsPerClient), raw_(world_) {
    for (int c = 0; c < order.clients; ++c) makers_.emplace_back(world_, c);
  }

  void Run() {
    PrintDownloadSize();
    std::vector<double> raw, ours, raw_ms, our_ms;
    for (int round = 0; round < order_.rounds; ++round) {
      const Measured r = Measure(
          order_, [this](int) { return [this](auto batch) { raw_.Store(batch); }; }, makers_);
      world_.Analyze();  // as the database does by itself, some seconds later
      const RowCounts before = Rows();
      const Measured o = MeasureOurs();
      PrintRows(before);
      raw.push_back(r.knocks_per_s);
      ours.push_back(o.knocks_per_s);
      raw_ms.insert(raw_ms.end(), r.batch_ms.begin(), r.batch_ms.end());
      our_ms.insert(our_ms.end(), o.batch_ms.begin(), o.batch_ms.end());
      std::printf("round %d: raw %.0f/s, ours %.0f/s, ratio %.2f\n", round + 1, raw.back(), ours.back(),
                  ours.back() / raw.back());
    }
    const double ratio = Quantile(ours, 0.5) / Quantile(raw, 0.5);
    std::printf("P7: %d clients, batches of %d: raw %.0f knocks/s, ours %.0f knocks/s, ratio %.2f (goal 0.7)\n",
                order_.clients, order_.batch, Quantile(raw, 0.5), Quantile(ours, 0.5), ratio);
    std::printf("  raw  a batch: %s\n  ours a batch: %s (goal: p99 below 100 ms)\n", Quantiles(raw_ms).c_str(),
                Quantiles(our_ms).c_str());
    std::printf("P10: download of a list under this load, %zu of them: %s (goal: p99 below 20 ms)\n",
                download_ms_.size(), Quantiles(download_ms_).c_str());
    std::printf(
        "{\"bench\":\"knock\",\"clients\":%d,\"batch\":%d,\"raw_per_s\":%.0f,\"ours_per_s\":%.0f,\"ratio\":%.3f,"
        "\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"download_p99_ms\":%.2f,%s}\n",
        order_.clients, order_.batch, Quantile(raw, 0.5), Quantile(ours, 0.5), ratio, Quantile(our_ms, 0.5),
        Quantile(our_ms, 0.99), Quantile(download_ms_, 0.99), MachineJson().c_str());
  }

 private:
  struct RowCounts {
    int64_t knocks, responses, asks, follow_ups, changes;
  };
  RowCounts Rows() {
    return {world_.Number("select count(*) from knock"), world_.Number("select count(*) from knock_response"),
            world_.Number("select count(*) from knock_ask"), world_.Number("select count(*) from follow_up"),
            world_.Number("select count(*) from change")};
  }
  // That raw and ours store the same can be seen: rows for each knock.
  void PrintRows(const RowCounts& before) {
    const RowCounts after = Rows();
    const auto print = [](const char* whose, const RowCounts& from, const RowCounts& to) {
      const auto per = [&](int64_t a, int64_t b) {
        return static_cast<double>(b - a) / static_cast<double>(std::max<int64_t>(1, to.knocks - from.knocks));
      };
      std::printf("  rows a knock, %s: %.3f responses, %.3f asks, %.3f follow-ups, %.3f changes\n", whose,
                  per(from.responses, to.responses), per(from.asks, to.asks), per(from.follow_ups, to.follow_ups),
                  per(from.changes, to.changes));
    };
    print("raw ", last_, before);
    print("ours", before, after);
    last_ = after;
  }

  Measured MeasureOurs() {
    std::atomic<bool> over = false;
    std::thread downloader([&] {
      const auto stub = pb::CanvassService::NewStub(world_.NewChannel());
      const int l = order_.clients * kListsPerClient;
      while (!over) {
        const absl::Time before = absl::Now();
        Download(*stub, world_.phones()[l], world_.lists()[l].number);
        download_ms_.push_back(absl::ToDoubleMilliseconds(absl::Now() - before));
        absl::SleepFor(absl::Milliseconds(20));
      }
    });
    const auto client = [this](int c) -> std::function<void(std::vector<KnockOf>)> {
      std::shared_ptr<pb::CanvassService::Stub> stub = pb::CanvassService::NewStub(world_.NewChannel());
      return [this, c, stub](std::vector<KnockOf> batch) {
        pb::SendKnocksRequest request;
        for (KnockOf& of : batch) *request.add_knocks() = std::move(of.knock);
        pb::SendKnocksResponse response;
        Require(stub->SendKnocks(KnockWorld::As(world_.phones()[c * kListsPerClient]).get(), request, &response));
        for (const pb::KnockAnswer& answer : response.answers()) {
          if (answer.outcome() == pb::KNOCK_OUTCOME_ACCEPTED) continue;
          Require(absl::InternalError(absl::StrCat("a knock was answered: ", answer.ShortDebugString())));
        }
      };
    };
    const Measured measured = Measure(order_, client, makers_);
    over = true;
    downloader.join();
    return measured;
  }

  void PrintDownloadSize() {
    const auto stub = pb::CanvassService::NewStub(world_.NewChannel());
    const pb::DownloadWalkListResponse list = Download(*stub, world_.phones()[0], world_.lists()[0].number);
    std::printf("P10: a list of %d doors, %d people: %zu bytes, %zu compressed (goal: 8,192)\n", list.doors_size(),
                2 * list.doors_size(), list.ByteSizeLong(), GzipBytes(list.SerializeAsString()) + 5);
  }

  const Order order_;
  KnockWorld world_;
  RawKnocks raw_;
  std::vector<BatchMaker> makers_;
  std::vector<double> download_ms_;
  RowCounts last_ = {};
};

// Many phones come online within a short time: each takes its list out, downloads it, sends a full outbox and asks for
// changes; who is told to come back comes back when told.
class Morning {
 public:
  explicit Morning(const Order& order) : order_(order), world_(order.phones) {}

  void Run() {
    std::mt19937_64 random(7);
    const absl::Time begin = absl::Now();
    for (int p = 0; p < order_.phones; ++p) {
      const double share = static_cast<double>(random() >> 11) * 0x1.0p-53;
      due_.push({begin + share * order_.within, p});
    }
    left_ = order_.phones;
    std::vector<std::thread> workers;
    for (int w = 0; w < kWorkers; ++w) workers.emplace_back([this, w] { Work(w); });
    for (std::thread& worker : workers) worker.join();
    const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
    const int64_t knocks = world_.Number("select count(*) from knock");
    std::printf(
        "Morning: %d phones within %.0f s, %d knocks each: all sent after %.1f s (%.1f s after the last came)\n",
        order_.phones, absl::ToDoubleSeconds(order_.within), order_.batch, seconds,
        seconds - absl::ToDoubleSeconds(order_.within));
    std::printf(
        "  stored %lld of %lld, follow-ups %lld, refused %lld times (%lld with a retry delay), most tries of one "
        "phone %d\n",
        static_cast<long long>(knocks), static_cast<long long>(order_.phones) * order_.batch,
        static_cast<long long>(world_.Number("select count(*) from follow_up")), static_cast<long long>(refused_),
        static_cast<long long>(refused_with_delay_), most_tries_.load());
    std::printf("  a batch that was taken: %s\n", Quantiles(batch_ms_).c_str());
    std::printf(
        "{\"bench\":\"morning\",\"phones\":%d,\"within_s\":%.0f,\"drained_s\":%.1f,\"stored\":%lld,\"refused\":%lld,"
        "\"most_tries\":%d,\"batch_p99_ms\":%.1f,%s}\n",
        order_.phones, absl::ToDoubleSeconds(order_.within), seconds, static_cast<long long>(knocks),
        static_cast<long long>(refused_), most_tries_.load(), Quantile(batch_ms_, 0.99), MachineJson().c_str());
    if (knocks != int64_t{order_.phones} * order_.batch) Require(absl::DataLossError("knocks are missing"));
  }

 private:
  static constexpr int kWorkers = 400;
  static constexpr int kPhonesPerChannel = 8;
  using Due = std::pair<absl::Time, int>;

  void Work(int worker) {
    const auto stub = pb::CanvassService::NewStub(Channel(worker));
    while (const std::optional<int> phone = NextPhone()) {
      const absl::Duration wait = RunPhone(*stub, *phone);
      absl::MutexLock lock(&mutex_);
      if (wait == absl::ZeroDuration()) {
        --left_;
      } else {
        due_.push({absl::Now() + wait, *phone});
      }
    }
  }

  std::shared_ptr<grpc::Channel> Channel(int worker) {
    absl::MutexLock lock(&mutex_);
    std::shared_ptr<grpc::Channel>& channel = channels_[worker / kPhonesPerChannel];
    if (channel == nullptr) channel = world_.NewChannel();
    return channel;
  }

  std::optional<int> NextPhone() {
    while (true) {
      absl::Duration wait = absl::Milliseconds(20);
      {
        absl::MutexLock lock(&mutex_);
        if (left_ == 0) return std::nullopt;
        if (!due_.empty() && due_.top().first <= absl::Now()) {
          const int phone = due_.top().second;
          due_.pop();
          return phone;
        }
        if (!due_.empty()) wait = std::min(wait, due_.top().first - absl::Now());
      }
      absl::SleepFor(wait);
    }
  }

  // How long to wait before the next try; zero when the phone is done.
  absl::Duration RunPhone(pb::CanvassService::Stub& stub, int p) {
    const GroundPhone& phone = world_.phones()[p];
    const GroundList& list = world_.lists()[p];
    State& state = states_[p];
    most_tries_ = std::max(most_tries_.load(), ++state.tries);
    if (!state.has_list) {
      pb::CheckOutWalkListRequest take;
      take.set_list_number(list.number);
      pb::CheckOutWalkListResponse taken;
      grpc::Status status = stub.CheckOutWalkList(KnockWorld::As(phone).get(), take, &taken);
      if (!status.ok()) return Refused(status, state);
      pb::DownloadWalkListRequest fetch;
      fetch.set_list_number(list.number);
      pb::DownloadWalkListResponse fetched;
      status = stub.DownloadWalkList(KnockWorld::As(phone).get(), fetch, &fetched);
      if (!status.ok()) return Refused(status, state);
      state.has_list = true;
    }
    if (state.outbox.knocks().empty()) {
      std::mt19937_64 random(p);
      for (int i = 0; i < order_.batch; ++i) {
        *state.outbox.add_knocks() = MakeKnock(list, i % kDoorsPerList, random);
        state.outbox.mutable_knocks(i)->set_running_number(i + 1);
      }
    }
    const absl::Time before = absl::Now();
    pb::SendKnocksResponse response;
    const grpc::Status status = stub.SendKnocks(KnockWorld::As(phone).get(), state.outbox, &response);
    if (!status.ok()) return Refused(status, state);
    absl::MutexLock lock(&mutex_);
    batch_ms_.push_back(absl::ToDoubleMilliseconds(absl::Now() - before));
    return absl::ZeroDuration();
  }

  struct State {
    int tries = 0;
    bool has_list = false;
    pb::SendKnocksRequest outbox;
  };

  absl::Duration Refused(const grpc::Status& status, const State& state) {
    const absl::Status refused = rpc::FromGrpcStatus(status);
    const bool may_retry = absl::IsResourceExhausted(refused) || absl::IsUnavailable(refused);
    if (!may_retry) Require(refused);
    ++refused_;
    const auto delay = base::RetryDelayOf(refused);
    if (delay.has_value()) ++refused_with_delay_;
    // gRPC itself, out of threads, gives no delay: back off as docs say.
    return delay.value_or(absl::Seconds(std::min(30, 1 << std::min(state.tries, 5))));
  }

  const Order order_;
  KnockWorld world_;
  absl::Mutex mutex_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::map<int, std::shared_ptr<grpc::Channel>> channels_;
  std::vector<State> states_ = std::vector<State>(order_.phones);
  std::vector<double> batch_ms_;
  std::atomic<int64_t> refused_ = 0, refused_with_delay_ = 0;
  std::atomic<int> most_tries_ = 0;
  int left_ = 0;
};

int Main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  Order order;
  for (int i = 1; i < argc; ++i) {
    const auto number = [&](const char* flag, int& value) {
      const size_t length = std::strlen(flag);
      if (std::strncmp(argv[i], flag, length) == 0) value = std::atoi(argv[i] + length);
    };
    int seconds = 0, within = 0;
    if (std::strcmp(argv[i], "--tiny") == 0) order = {.time = absl::Milliseconds(200), .rounds = 1, .batch = 20};
    if (std::strcmp(argv[i], "--morning") == 0) order.morning = true;
    number("--seconds=", seconds);
    number("--rounds=", order.rounds);
    number("--clients=", order.clients);
    number("--batch=", order.batch);
    number("--phones=", order.phones);
    number("--within=", within);
    if (seconds > 0) order.time = absl::Seconds(seconds);
    if (within > 0) order.within = absl::Seconds(within);
  }
  if (order.clients < 1 || order.batch < 1 || order.batch > 500 || order.rounds < 1 || order.phones < 1) {
    std::fprintf(stderr, "from 1 each; --batch: at most 500\n");
    return 2;
  }
  std::printf("%s\n", MachineLine().c_str());
  if (order.morning) {
    Morning(order).Run();
  } else {
    Bench(order).Run();
  }
  return 0;
}

}  // namespace
}  // namespace snowfield::bench

int main(int argc, char** argv) { return snowfield::bench::Main(argc, argv); }
