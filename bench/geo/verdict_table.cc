#include "bench/geo/verdict_table.h"

#include <cstdio>

#include "absl/strings/str_format.h"

namespace snowfield::bench {

void PrintTable(const RunInfo& run, const std::vector<Row>& rows) {
  if (rows.empty()) return;
  std::printf("\n%s: %d doors, target %d, %d threads%s\n", run.data_set.c_str(), rows.front().verdict.doors,
              run.target_doors, run.threads, run.boundaries_kept ? ", boundaries kept by ours" : "");
  std::printf("%-22s %6s %6s %6s %13s | %6s %27s %6s | %7s %6s %6s | %7s %6s %5s %5s | %5s %8s %8s %8s\n", "method",
              "turfs", "+-10 %", "+-25 %", "sizes", "m/door", "of turfs p10 p50 p90 p99", "centre", "connect", "barr.",
              "2 bnd", "foreign", "times", "PP", "a/hull", "lost", "s", "cpu s", "MB");
  for (const Row& row : rows) {
    const Verdict& v = row.verdict;
    const std::string sizes = absl::StrFormat("%d/%d/%d", v.smallest, v.median, v.largest);
    const std::string spread = absl::StrFormat("%.1f %.1f %.1f %.1f", v.turf_m_per_door.p10, v.turf_m_per_door.median,
                                               v.turf_m_per_door.p90, v.turf_m_per_door.p99);
    std::printf(
        "%-22s %6d %6.2f %6.2f %13s | %6.2f %27s %6.2f | %7.2f %6d %6d | %7.2f %6.2f %5.3f %5.3f | %5d %8.2f %8.2f "
        "%8.1f\n",
        row.method.c_str(), v.turfs, 100 * v.in_10, 100 * v.in_25, sizes.c_str(), v.m_per_door, spread.c_str(),
        v.centre_m_per_door, 100 * v.connected, v.barrier_leg_turfs, v.two_boundary_turfs, 100 * v.foreign,
        v.foreign_times, v.polsby_popper, v.area_over_hull, v.doors_lost, row.effort.seconds, row.effort.cpu_seconds,
        row.effort.peak_mb);
  }
}

void PrintRatios(const std::vector<Row>& rows) {
  const auto over = [](double a, double b) { return b > 0 ? absl::StrFormat("%.3g", a / b) : std::string("-"); };
  for (size_t i = 1; i < rows.size(); ++i) {
    const Row &ours = rows.front(), &other = rows[i];
    std::printf("  %s over %s: m/door %.3f, with crossings %.3f, seconds %s, cpu %s, memory %s\n", ours.method.c_str(),
                other.method.c_str(), ours.verdict.m_per_door / other.verdict.m_per_door,
                ours.verdict.cost_m_per_door / other.verdict.cost_m_per_door,
                over(ours.effort.seconds, other.effort.seconds).c_str(),
                over(ours.effort.cpu_seconds, other.effort.cpu_seconds).c_str(),
                over(ours.effort.peak_mb, other.effort.peak_mb).c_str());
  }
}

void PrintJson(const RunInfo& run, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    const Verdict& v = row.verdict;
    const Spread& s = v.turf_m_per_door;
    std::printf(
        "{\"data\":\"%s\",\"data_seed\":%llu,\"method\":\"%s\",\"target\":%d,\"threads\":%d,\"boundaries_kept\":%s,"
        "\"doors\":%d,\"turfs\":%d,\"in_10\":%.5f,\"in_25\":%.5f,\"min\":%d,\"median\":%d,\"max\":%d,"
        "\"m_per_door\":%.4f,\"cost_m_per_door\":%.4f,\"centre_m_per_door\":%.4f,\"turf_m_per_door\":{\"p10\":%.3f,"
        "\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f},\"connected\":%.5f,\"barrier_leg_turfs\":%d,\"two_boundary_turfs\":%d,"
        "\"foreign\":%.5f,\"foreign_times\":%.5f,\"polsby_popper\":%.4f,\"area_over_hull\":%.4f,\"doors_lost\":%d,"
        "\"seconds\":%.4f,\"cpu_seconds\":%.4f,\"peak_mb\":%.1f%s,%s}\n",
        run.data_set.c_str(), static_cast<unsigned long long>(run.data_seed), row.method.c_str(), run.target_doors,
        run.threads, run.boundaries_kept ? "true" : "false", v.doors, v.turfs, v.in_10, v.in_25, v.smallest, v.median,
        v.largest, v.m_per_door, v.cost_m_per_door, v.centre_m_per_door, s.p10, s.median, s.p90, s.p99, v.connected,
        v.barrier_leg_turfs, v.two_boundary_turfs, v.foreign, v.foreign_times, v.polsby_popper, v.area_over_hull,
        v.doors_lost, row.effort.seconds, row.effort.cpu_seconds, row.effort.peak_mb, row.extra_json.c_str(),
        MachineJson().c_str());
  }
  std::fflush(stdout);
}

}  // namespace snowfield::bench
