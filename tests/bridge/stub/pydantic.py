# SPDX-License-Identifier: Apache-2.0
"""Has no validate_call, so that nothing is imported around the stand-in for geneva."""
