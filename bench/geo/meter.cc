#include "bench/geo/meter.h"

#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace snowfield::bench {
namespace {

// A field of a process's status in MB; -1 where the system has none.
double StatusMb(const std::string& folder, const std::string& field) {
  std::ifstream file(folder + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(field + ":")) return std::atof(line.c_str() + field.size() + 1) / 1024;
  }
  return -1;
}

std::string CpuModel() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string Load() {
  std::ifstream file("/proc/loadavg");
  std::string load;
  file >> load;
  return load.empty() ? "0" : load;
}

std::string Commit() {
  if (const char* named = std::getenv("SNOWFIELD_COMMIT")) return named;
  std::string commit;
  if (FILE* git = popen("git -C " SNOWFIELD_SOURCE_DIR " rev-parse --short HEAD 2>/dev/null", "r")) {
    char line[64];
    if (std::fgets(line, sizeof line, git) != nullptr) commit = line;
    pclose(git);
  }
  absl::StripTrailingAsciiWhitespace(&commit);
  return commit.empty() ? "unknown" : commit;
}

}  // namespace

Meter::Meter(int process_id)
    : folder_(process_id == 0 ? std::string("/proc/self") : absl::StrCat("/proc/", process_id)), own_(process_id == 0) {
  if (own_) malloc_trim(0);
  std::ofstream(folder_ + "/clear_refs") << "5";  // the peak starts anew
  start_mb_ = StatusMb(folder_, "VmRSS");
  start_cpu_ = std::clock();
  start_ = std::chrono::steady_clock::now();
}

Effort Meter::Stop() const {
  Effort effort;
  effort.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  if (own_) effort.cpu_seconds = static_cast<double>(std::clock() - start_cpu_) / CLOCKS_PER_SEC;
  const double peak_mb = StatusMb(folder_, "VmHWM");
  effort.peak_mb = peak_mb < 0 || start_mb_ < 0 ? -1 : peak_mb - start_mb_;
  return effort;
}

std::string MachineJson() {
  static const std::string commit = Commit(), model = CpuModel();
  return absl::StrCat("\"machine\":\"", model, "\",\"cores\":", std::thread::hardware_concurrency(),
                      ",\"load\":", Load(), ",\"commit\":\"", commit, "\"");
}

std::string MachineLine() {
  return absl::StrCat(CpuModel(), ", ", std::thread::hardware_concurrency(), " cores, load ", Load(), ", commit ",
                      Commit());
}

}  // namespace snowfield::bench
