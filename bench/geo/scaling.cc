#include "bench/geo/scaling.h"

#include <cmath>
#include <cstdio>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "bench/geo/generated_county.h"
#include "bench/geo/meter.h"
#include "bench/geo/our_cut.h"

namespace snowfield::bench {
namespace {

struct Step {
  int doors = 0;
  int turfs = 0;
  double seconds = 0, cpu_seconds = 0, partition_seconds = 0, peak_mb = 0;
  double in_bounds = 0, m_per_door = 0;
};

constexpr char kStepFormat[] = "scale %d %d %.4f %.4f %.4f %.2f %.5f %.4f\n";

absl::StatusOr<Step> RunChild(int doors, uint64_t seed, const geo::CutOptions& options) {
  std::error_code failed;
  const std::string program = std::filesystem::read_symlink("/proc/self/exe", failed).string();
  const std::string command = absl::StrCat("'", program, "' --scale-step=", doors, " --seed=", seed,
                                           " --threads=", options.threads, " --target=", options.target_doors);
  std::fflush(stdout);
  FILE* child = popen(command.c_str(), "r");
  if (child == nullptr) return absl::InternalError("cannot start a child process");
  Step step;
  const int read =
      std::fscanf(child, "scale %d %d %lf %lf %lf %lf %lf %lf", &step.doors, &step.turfs, &step.seconds,
                  &step.cpu_seconds, &step.partition_seconds, &step.peak_mb, &step.in_bounds, &step.m_per_door);
  const int exit_status = pclose(child);
  if (exit_status != 0 || read != 8) return absl::InternalError(absl::StrCat("the cut of ", doors, " doors failed"));
  return step;
}

void Print(const Step& step, const Step& first) {
  const auto per = [](double value, const Step& s, bool log) {
    return value / s.doors / (log ? std::log2(s.doors) : 1);
  };
  const auto growth = [&](double value, double first_value, bool log) {
    return per(value, step, log) / per(first_value, first, log);
  };
  std::printf("%9d %7d %9.3f %9.3f %9.3f %9.1f | %9.2f %9.2f | %9.2f %9.2f | %8.2f %8.2f\n", step.doors, step.turfs,
              step.seconds, step.cpu_seconds, step.partition_seconds, step.peak_mb,
              1e6 * per(step.cpu_seconds, step, false), growth(step.cpu_seconds, first.cpu_seconds, true),
              1e6 * per(step.peak_mb, step, false), growth(step.peak_mb, first.peak_mb, true), 100 * step.in_bounds,
              step.m_per_door);
}

}  // namespace

absl::Status PrintScaling(int doors_max, uint64_t seed, const geo::CutOptions& options) {
  std::printf(
      "\nscaling: our cut of the generated county, seed %llu, target %d, %d threads, each size in its own process\n",
      static_cast<unsigned long long>(seed), options.target_doors, options.threads);
  std::printf("%9s %7s %9s %9s %9s %9s | %9s %9s | %9s %9s | %8s %8s\n", "doors n", "turfs", "s", "cpu s", "partition",
              "peak MB", "cpu us/n", "/ n log n", "bytes/n", "/ n log n", "+-10 %", "m/door");
  std::printf("  (\"/ n log n\": over that of 10,000 doors, or of the largest below)\n");
  std::vector<Step> steps;
  for (const int doors : kScaleDoors) {
    if (doors > doors_max) break;
    SNOWFIELD_ASSIGN_OR_RETURN(const Step step, RunChild(doors, seed, options));
    steps.push_back(step);
  }
  if (steps.empty()) return absl::OkStatus();
  size_t base = 0;
  while (base + 1 < steps.size() && steps[base].doors < 10'000) ++base;
  for (const Step& step : steps) Print(step, steps[base]);
  for (const Step& step : steps) {
    std::printf(
        "{\"bench\":\"scaling\",\"data\":\"generated\",\"data_seed\":%llu,\"target\":%d,\"threads\":%d,\"doors\":%d,"
        "\"turfs\":%d,\"seconds\":%.4f,\"cpu_seconds\":%.4f,\"partition_seconds\":%.4f,\"peak_mb\":%.2f,"
        "\"in_10\":%.5f,\"m_per_door\":%.4f,%s}\n",
        static_cast<unsigned long long>(seed), options.target_doors, options.threads, step.doors, step.turfs,
        step.seconds, step.cpu_seconds, step.partition_seconds, step.peak_mb, step.in_bounds, step.m_per_door,
        MachineJson().c_str());
  }
  return absl::OkStatus();
}

absl::Status RunScaleStep(int doors, uint64_t seed, const geo::CutOptions& options) {
  const DataSet set = GeneratedCounty(doors, seed);
  SNOWFIELD_ASSIGN_OR_RETURN(const OurCut cut, CutOurs(set, options, false));
  const geo::CutTotals& totals = cut.result.totals;
  std::printf(kStepFormat, totals.door_count, totals.turf_count, cut.effort.seconds, cut.effort.cpu_seconds,
              cut.partition_seconds, cut.effort.peak_mb,
              static_cast<double>(totals.turfs_in_bounds) / totals.turf_count, totals.walk_m_per_door);
  return absl::OkStatus();
}

}  // namespace snowfield::bench
