# The tests, as far as their folders exist. Labels: unit, property, actor, functional, and the room's name.
# Who only wants the program needs no test libraries; ./test asks for them, so that no test is left out.
option(KEYWORK_REQUIRE_TESTS "Fail where a library of the tests is missing" OFF)
if(KEYWORK_REQUIRE_TESTS)
  find_package(Boost 1.81 REQUIRED COMPONENTS unit_test_framework)
  find_package(rapidcheck REQUIRED)
else()
  find_package(Boost 1.81 QUIET COMPONENTS unit_test_framework)
  find_package(rapidcheck QUIET)
endif()

# keywork_tests(FOLDER LABEL SECONDS libraries…): FOLDER_tests from tests/FOLDER/**.cpp.
function(keywork_tests folder label seconds)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/${folder}/*.cpp")
  if(NOT sources)
    return()
  endif()
  if(NOT TARGET Boost::unit_test_framework)
    message(STATUS "tests/${folder} left out: install libboost-test1.81-dev (./test does it)")
    return()
  endif()
  add_executable(${folder}_tests ${sources})
  target_link_libraries(${folder}_tests PRIVATE ${ARGN} Boost::unit_test_framework Boost::headers)
  target_compile_definitions(${folder}_tests PRIVATE
    KEYWORK_SOURCE_DIR="${PROJECT_SOURCE_DIR}" KEYWORK_ODB_SCHEMA="${ODB_SCHEMA_FILE}")
  target_include_directories(${folder}_tests SYSTEM PRIVATE "${PROJECT_BINARY_DIR}/generated")
  target_precompile_headers(${folder}_tests PRIVATE <boost/test/unit_test.hpp> <string> <vector>)
  # main.cpp defines BOOST_TEST_MODULE, which must come before the header.
  set_source_files_properties("${PROJECT_SOURCE_DIR}/tests/${folder}/main.cpp"
    PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  keywork_own_code(${folder}_tests)
  if(KEYWORK_SANITIZE)
    math(EXPR seconds "${seconds} * 3")
  endif()
  add_test(NAME ${folder} COMMAND ${folder}_tests --color_output=no)
  set_tests_properties(${folder} PROPERTIES LABELS "${label};${folder}" TIMEOUT ${seconds}
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
endfunction()

keywork_tests(model unit 120 keywork_model)
keywork_tests(odb unit 600 keywork_odb ODB::pgsql Boost::json)
keywork_tests(actors actor 600 keywork_actors CAF::core CAF::io Boost::json)
keywork_tests(net unit 600 keywork_net Poco::Net Poco::NetSSL CAF::core Boost::json)
if(TARGET rapidcheck)
  keywork_tests(property property 1200 keywork_net ODB::pgsql Boost::json rapidcheck)
endif()

# Preloaded into the program where a test kills it between two statements.
add_library(crash_at_statement MODULE "${PROJECT_SOURCE_DIR}/tests/crash/crash_at_statement.cpp")
target_link_libraries(crash_at_statement PRIVATE ${CMAKE_DL_LIBS})
keywork_own_code(crash_at_statement)

# Functional tests drive the real program over HTTP; each makes its own data directory and picks its ports.
file(GLOB scripts CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/functional/test_*.py")
if(TARGET keywork)
  foreach(script IN LISTS scripts)
    cmake_path(GET script STEM name)
    string(REGEX REPLACE "^test_" "functional_" name "${name}")
    add_test(NAME ${name} COMMAND /usr/bin/python3 "${script}")
    set_tests_properties(${name} PROPERTIES LABELS functional TIMEOUT 1200
      WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
      ENVIRONMENT "KEYWORK_PROGRAM=$<TARGET_FILE:keywork>;KEYWORK_CRASH_LIBRARY=$<TARGET_FILE:crash_at_statement>\
;PYTHONDONTWRITEBYTECODE=1;PYTHONUNBUFFERED=1")
  endforeach()
endif()

# What tests/bench/run measures the service against; no test needs it.
add_subdirectory("${PROJECT_SOURCE_DIR}/tests/bench" "${PROJECT_BINARY_DIR}/bench")
